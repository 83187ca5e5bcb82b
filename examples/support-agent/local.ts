import {
  type Brain,
  importedModel8b,
  inferenceComponent8b,
  type LocalComponent,
  localSystem,
} from 'cdk-compound-inference/local';
import { PRICE_OF_8B } from '../shared/copy-of-8b';
import { support } from './agent';
import { planner, selector, writer } from './brains';
import { handler as catalogue } from './catalogue';
import { handler as search } from './search';
import { WRITER_SPILLOVER } from './spillover';

export default localSystem({
  graph: support,
  example: { question: 'How do I let a Lambda function read from an S3 bucket?' },
  components: {
    planner: onFleet('support-planner', planner),
    selector: onFleet('support-selector', selector),
    writer: onFleet('support-writer', writer),
    catalogue: { kind: 'function', backend: { type: 'lambda', functionName: 'support-catalogue' }, handler: catalogue },
    search: { kind: 'function', backend: { type: 'lambda', functionName: 'support-search' }, handler: search },
  },
  spillover: {
    writer: {
      to: [
        {
          kind: 'chat-model',
          backend: { type: 'bedrock', modelId: 'arn:aws:bedrock:us-east-1:111122223333:imported-model/supportwriter' },
          behaviour: importedModel8b,
          brain: writer,
        },
      ],
      ...WRITER_SPILLOVER,
    },
  },
});

function onFleet(inferenceComponentName: string, brain: Brain): LocalComponent {
  return {
    kind: 'chat-model',
    backend: { type: 'sagemaker', endpointName: 'support', inferenceComponentName, price: PRICE_OF_8B },
    behaviour: inferenceComponent8b,
    brain,
  };
}
