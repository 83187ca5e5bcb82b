import { importedModel8b, inferenceComponent8b, localSystem } from 'cdk-compound-inference/local';
import { support } from './agent';
import { planner, selector, writer } from './brains';
import { handler as catalogue } from './catalogue';
import { handler as search } from './search';
import { WRITER_SPILLOVER } from './spillover';

const endpointName = 'support';

export default localSystem({
  graph: support,
  example: { question: 'How do I let a Lambda function read from an S3 bucket?' },
  components: {
    planner: {
      kind: 'chat-model',
      backend: { type: 'sagemaker', endpointName, inferenceComponentName: 'support-planner' },
      behaviour: inferenceComponent8b,
      brain: planner,
    },
    selector: {
      kind: 'chat-model',
      backend: { type: 'sagemaker', endpointName, inferenceComponentName: 'support-selector' },
      behaviour: inferenceComponent8b,
      brain: selector,
    },
    writer: {
      kind: 'chat-model',
      backend: { type: 'sagemaker', endpointName, inferenceComponentName: 'support-writer' },
      behaviour: inferenceComponent8b,
      brain: writer,
    },
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
