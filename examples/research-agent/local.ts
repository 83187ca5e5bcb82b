import {
  type Brain,
  importedModel8b,
  inferenceComponent8b,
  type LocalComponent,
  type LocalFunction,
  localSystem,
} from 'cdk-compound-inference/local';
import { PRICE_OF_8B } from '../shared/copy-of-8b';
import { research } from './agent';
import { checker, planner, writer } from './brains';
import { handler as calculate } from './tools/calculate';
import { handler as compare } from './tools/compare';
import { handler as find } from './tools/find';
import { handler as lookup } from './tools/lookup';

export default localSystem({
  graph: research,
  example: {
    question: 'Which costs less per GiB of GPU memory, ml.g5.12xlarge or the cheapest instance with L40S GPUs?',
  },
  components: {
    planner: onFleet('research-planner', planner),
    checker: onFleet('research-checker', checker),
    writer: {
      kind: 'chat-model',
      backend: { type: 'bedrock', modelId: 'arn:aws:bedrock:us-east-1:111122223333:imported-model/researchwriter' },
      behaviour: importedModel8b,
      brain: writer,
    },
    lookup: toolOf('lookup', lookup),
    find: toolOf('find', find),
    calculate: toolOf('calculate', calculate),
    compare: toolOf('compare', compare),
  },
});

function onFleet(inferenceComponentName: string, brain: Brain): LocalComponent {
  return {
    kind: 'chat-model',
    backend: { type: 'sagemaker', endpointName: 'research', inferenceComponentName, price: PRICE_OF_8B },
    behaviour: inferenceComponent8b,
    brain,
  };
}

function toolOf(name: string, handler: LocalFunction['handler']): LocalComponent {
  return { kind: 'function', backend: { type: 'lambda', functionName: `research-${name}` }, handler };
}
