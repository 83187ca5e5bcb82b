import { Aws, CfnParameter } from 'aws-cdk-lib';
import { CfnEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import { SageMakerEndpoint } from '../../../lib/bindings/sagemaker-endpoint';
import { arn, Binder, chat, openAiChat, PARTITION } from './binder';

const ACCOUNT = { Ref: 'AWS::AccountId' };
const REGION = { Ref: 'AWS::Region' };

test('an endpoint is called by its name, and permitted whichever case its ARN has', () => {
  const binder = new Binder();
  expect(binder.bind(SageMakerEndpoint.fromEndpointName('Ranker-2'), openAiChat)).toEqual({
    type: 'sagemaker',
    endpointName: 'Ranker-2',
  });
  expect(binder.statements()).toEqual([
    {
      Effect: 'Allow',
      Action: 'sagemaker:InvokeEndpoint',
      Resource: ['Ranker-2', 'ranker-2'].map((name) =>
        arn('arn:', PARTITION, ':sagemaker:', REGION, ':', ACCOUNT, `:endpoint/${name}`),
      ),
    },
  ]);
});

test('a component on it is permitted whichever case either ARN has', () => {
  const binder = new Binder();
  binder.bind(SageMakerEndpoint.fromEndpointName('Gpu', { inferenceComponentName: 'Writer' }), openAiChat);
  expect(binder.statements()).toEqual([
    {
      Effect: 'Allow',
      Action: 'sagemaker:InvokeEndpoint',
      Resource: ['endpoint/Gpu', 'endpoint/gpu', 'inference-component/Writer', 'inference-component/writer'].map(
        (resource) => arn('arn:', PARTITION, ':sagemaker:', REGION, ':', ACCOUNT, `:${resource}`),
      ),
    },
  ]);
});

test('answers that stream need another permission beside the one on whole answers', () => {
  const binder = new Binder();
  binder.bind(SageMakerEndpoint.fromEndpointName('gpu'), openAiChat, true);
  expect(binder.statements()).toEqual([
    {
      Effect: 'Allow',
      Action: ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream'],
      Resource: arn('arn:', PARTITION, ':sagemaker:', REGION, ':', ACCOUNT, ':endpoint/gpu'),
    },
  ]);
});

test('an inference component is called by its name and permitted with its endpoint, with its price and region', () => {
  const binder = new Binder();
  const endpoint = SageMakerEndpoint.fromEndpointName('gpu', {
    inferenceComponentName: 'writer-8b',
    region: 'eu-central-1',
    price: { perCallUsd: 0.001 },
  });
  expect(binder.bind(endpoint, openAiChat)).toEqual({
    type: 'sagemaker',
    endpointName: 'gpu',
    inferenceComponentName: 'writer-8b',
    region: 'eu-central-1',
    price: { perCallUsd: 0.001 },
  });
  expect(binder.statements()).toEqual([
    {
      Effect: 'Allow',
      Action: 'sagemaker:InvokeEndpoint',
      Resource: [
        arn('arn:', PARTITION, ':sagemaker:eu-central-1:', ACCOUNT, ':endpoint/gpu'),
        arn('arn:', PARTITION, ':sagemaker:eu-central-1:', ACCOUNT, ':inference-component/writer-8b'),
      ],
    },
  ]);
});

test('an endpoint of the same app is known by its attributes', () => {
  const binder = new Binder();
  const endpoint = new CfnEndpoint(binder.stack, 'Endpoint', { endpointConfigName: 'config' });
  const { attrEndpointName: endpointName, ref: endpointArn } = endpoint;
  const binding = binder.bind(SageMakerEndpoint.fromEndpointAttributes({ endpointName, endpointArn }), openAiChat);
  expect(binding).toEqual({ type: 'sagemaker', endpointName: { 'Fn::GetAtt': ['Endpoint', 'EndpointName'] } });
  expect(binder.statements()).toEqual([
    { Effect: 'Allow', Action: 'sagemaker:InvokeEndpoint', Resource: { Ref: 'Endpoint' } },
  ]);
});

test('others may be permitted to call it too', () => {
  const binder = new Binder();
  SageMakerEndpoint.fromEndpointName('gpu', { region: 'us-west-2' }).grants.invoke(binder.caller);
  expect(binder.statements()).toEqual([
    {
      Effect: 'Allow',
      Action: 'sagemaker:InvokeEndpoint',
      Resource: arn('arn:', PARTITION, ':sagemaker:us-west-2:', ACCOUNT, ':endpoint/gpu'),
    },
  ]);
});

test('all faults are told at once', () => {
  const binder = new Binder();
  const endpoint = SageMakerEndpoint.fromEndpointName('gpu_1', { inferenceComponentName: 'x'.repeat(64) });
  expect(binder.faults(endpoint, chat)).toEqual([
    '[binding/format] format: has the format converse, which only Bedrock speaks; bind it to Bedrock, or declare the format that the sagemaker backend speaks',
    '[binding/name] endpointName: must be 1 to 63 letters, digits and inner hyphens, got: "gpu_1"',
    `[binding/name] inferenceComponentName: must be 1 to 63 letters, digits and inner hyphens, got: "${'x'.repeat(64)}"`,
  ]);
});

test('a name that is known only at deployment needs the ARN beside it', () => {
  const binder = new Binder();
  const { valueAsString } = new CfnParameter(binder.stack, 'Name');
  expect(binder.faults(SageMakerEndpoint.fromEndpointName(valueAsString), openAiChat)).toEqual([
    '[binding/endpoint-name-late] endpointName: is known only at deployment, and so is its case: use fromEndpointAttributes, with the ARN that the same resource has',
  ]);
});

test('a region that is known only at deployment is taken for that of the agent', () => {
  const binder = new Binder();
  const endpoint = SageMakerEndpoint.fromEndpointName('gpu', { region: Aws.REGION });
  expect(binder.bind(endpoint, openAiChat)).toEqual({ type: 'sagemaker', endpointName: 'gpu' });
});
