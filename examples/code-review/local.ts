import {
  type Brain,
  importedModel8b,
  inferenceComponent8b,
  type LocalComponent,
  localSystem,
} from 'cdk-compound-inference/local';
import { PRICE_OF_8B } from '../shared/copy-of-8b';
import { review } from './agent';
import { complexity, errors, performance, ranker, reporter, security } from './brains';
import { handler as splitter } from './split-functions';

const EXAMPLE_SOURCE = `async function load(ids) {
  for (const id of ids) {
    try {
      await query("SELECT * FROM users WHERE id = " + id);
    } catch {}
  }
}`;

export default localSystem({
  graph: review,
  example: { files: [{ path: 'load.ts', source: EXAMPLE_SOURCE }] },
  components: {
    splitter: { kind: 'function', backend: { type: 'lambda', functionName: 'review-splitter' }, handler: splitter },
    security: onFleet('review-security', security),
    errors: onFleet('review-errors', errors),
    performance: onFleet('review-performance', performance),
    complexity: onFleet('review-complexity', complexity),
    ranker: onFleet('review-ranker', ranker),
    reporter: {
      kind: 'chat-model',
      backend: { type: 'bedrock', modelId: 'arn:aws:bedrock:us-east-1:111122223333:imported-model/reviewreporter' },
      behaviour: importedModel8b,
      brain: reporter,
    },
  },
});

/** A small model that shares the instances of one endpoint with the others. */
function onFleet(inferenceComponentName: string, brain: Brain): LocalComponent {
  return {
    kind: 'chat-model',
    backend: { type: 'sagemaker', endpointName: 'review', inferenceComponentName, price: PRICE_OF_8B },
    behaviour: inferenceComponent8b,
    brain,
  };
}
