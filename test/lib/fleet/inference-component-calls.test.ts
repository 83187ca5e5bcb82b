import { Duration, Fn, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { model } from '../../../core/graph/component';
import { InferenceComponent } from '../../../lib/fleet/inference-component';
import { faultsOf } from '../support/faults-of';
import { component, newFleet, stackInRegion } from './component-world';

const caller = (stack: Stack) => new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });

const permitted = (stack: Stack) =>
  Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );

const existing = (stack: Stack) =>
  InferenceComponent.fromInferenceComponentAttributes(stack, 'Existing', {
    inferenceComponentName: 'writer',
    endpointName: 'gpu',
  });

test('a caller may call the component on its endpoint, and no other component there', () => {
  const stack = stackInRegion();
  const writer = component(stack, { fleet: newFleet(stack) });
  const role = caller(stack);
  writer.grantInvoke(role);
  const template = Template.fromStack(stack);
  const [endpoint] = Object.keys(template.findResources('AWS::SageMaker::Endpoint'));
  const [resource] = Object.keys(template.findResources('AWS::SageMaker::InferenceComponent'));
  template.hasResourceProperties('AWS::IAM::Policy', {
    Roles: [stack.resolve(role.roleName)],
    PolicyDocument: {
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sagemaker:InvokeEndpoint',
          Resource: [{ Ref: endpoint }, { 'Fn::GetAtt': [resource, 'InferenceComponentArn'] }],
        },
      ],
    },
  });
});

test('a binding permits the calls and says how to make them', () => {
  const stack = stackInRegion();
  const binding = existing(stack).bind({
    scope: stack,
    grantee: caller(stack),
    component: model('writer'),
    isStreamed: false,
  });
  expect(binding).toEqual({ type: 'sagemaker', endpointName: 'gpu', inferenceComponentName: 'writer' });
  expect(permitted(stack)).toMatchObject([{ Action: 'sagemaker:InvokeEndpoint' }]);
});

test('one whose answers stream permits the calls for such, too', () => {
  const stack = stackInRegion();
  existing(stack).bind({ scope: stack, grantee: caller(stack), component: model('writer'), isStreamed: true });
  expect(permitted(stack)).toMatchObject([
    { Action: ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream'] },
  ]);
});

test('a component that exists is permitted whichever case the ARNs have that SageMaker made of its names', () => {
  const stack = stackInRegion();
  InferenceComponent.fromInferenceComponentAttributes(stack, 'Existing', {
    inferenceComponentName: 'Writer',
    endpointName: 'Gpu',
  }).grants.invoke(caller(stack));
  const arn = (resource: string) => ({
    'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:sagemaker:eu-central-1:111122223333:${resource}`]],
  });
  expect(permitted(stack)).toMatchObject([
    {
      Resource: ['endpoint/Gpu', 'endpoint/gpu', 'inference-component/Writer', 'inference-component/writer'].map(arn),
    },
  ]);
});

test('a component that exists has names that SageMaker takes', () => {
  const attributes = { endpointName: 'bad name!', inferenceComponentName: '' };
  const make = () => InferenceComponent.fromInferenceComponentAttributes(stackInRegion(), 'Misnamed', attributes);
  expect(faultsOf(make)).toEqual([
    {
      id: 'component/name',
      field: 'inferenceComponentName',
      message: 'must be 1 to 63 letters, digits and inner hyphens, got: ""',
    },
    {
      id: 'component/name',
      field: 'endpointName',
      message: 'must be 1 to 63 letters, digits and inner hyphens, got: "bad name!"',
    },
  ]);
});

test('a component on an endpoint whose name is known only at deployment needs the ARN of the endpoint', () => {
  const stack = stackInRegion();
  const endpointName = Fn.importValue('endpoint');
  const attributes = { inferenceComponentName: 'writer', endpointName };
  expect(() => InferenceComponent.fromInferenceComponentAttributes(stack, 'Late', attributes)).toThrow(
    'endpointName: is known only at deployment, and so is its case: give its endpointArn, too [component/endpoint-name-late]',
  );
  const endpointArn = Fn.importValue('endpoint-arn');
  InferenceComponent.fromInferenceComponentAttributes(stack, 'Known', { ...attributes, endpointArn }).grants.invoke(
    caller(stack),
  );
  expect(permitted(stack)).toMatchObject([{ Resource: [{ 'Fn::ImportValue': 'endpoint-arn' }, expect.anything()] }]);
});

test('a component of a graph that speaks Converse is refused', () => {
  const stack = stackInRegion();
  const converse = model('writer', { format: 'converse' });
  expect(() =>
    existing(stack).bind({ scope: stack, grantee: caller(stack), component: converse, isStreamed: false }),
  ).toThrow(
    'format: has the format converse, which only Bedrock speaks; bind it to Bedrock, or declare the format that the sagemaker backend speaks [binding/format]',
  );
});

describe('metrics', () => {
  const stack = stackInRegion();
  const writer = component(stack, { inferenceComponentName: 'writer' });

  test.each<[Metric, string, string, string, number]>([
    [writer.metricInvocations(), 'AWS/SageMaker', 'Invocations', 'Sum', 60],
    [writer.metricInvocationsPerCopy(), 'AWS/SageMaker', 'InvocationsPerCopy', 'Sum', 60],
    [writer.metricInvocation4XXErrors(), 'AWS/SageMaker', 'Invocation4XXErrors', 'Sum', 60],
    [writer.metricInvocation5XXErrors(), 'AWS/SageMaker', 'Invocation5XXErrors', 'Sum', 60],
    [writer.metricInvocationModelErrors(), 'AWS/SageMaker', 'InvocationModelErrors', 'Sum', 60],
    [writer.metricMidStreamErrors(), 'AWS/SageMaker', 'MidStreamErrors', 'Sum', 60],
    [writer.metricNoCapacityInvocationFailures(), 'AWS/SageMaker', 'NoCapacityInvocationFailures', 'Sum', 60],
    [writer.metricModelLatency(), 'AWS/SageMaker', 'ModelLatency', 'Average', 60],
    [writer.metricOverheadLatency(), 'AWS/SageMaker', 'OverheadLatency', 'Average', 60],
    [writer.metricFirstChunkLatency(), 'AWS/SageMaker', 'FirstChunkLatency', 'Average', 60],
    [writer.metricConcurrentRequestsPerCopy(), 'AWS/SageMaker', 'ConcurrentRequestsPerCopy', 'Maximum', 10],
    [writer.metricCpuUtilization(), '/aws/sagemaker/InferenceComponents', 'CPUUtilizationNormalized', 'Average', 60],
    [
      writer.metricMemoryUtilization(),
      '/aws/sagemaker/InferenceComponents',
      'MemoryUtilizationNormalized',
      'Average',
      60,
    ],
    [writer.metricGpuUtilization(), '/aws/sagemaker/InferenceComponents', 'GPUUtilizationNormalized', 'Average', 60],
    [
      writer.metricGpuMemoryUtilization(),
      '/aws/sagemaker/InferenceComponents',
      'GPUMemoryUtilizationNormalized',
      'Average',
      60,
    ],
    [writer.metric('Other'), 'AWS/SageMaker', 'Other', 'Average', 60],
  ])(
    '%#: each is read from its namespace with its statistic and its period',
    (metric, namespace, name, stat, seconds) => {
      expect(metric).toMatchObject({ namespace, metricName: name, statistic: stat });
      expect(metric.period.toSeconds()).toBe(seconds);
      expect(metric.dimensions).toEqual({ InferenceComponentName: 'writer' });
    },
  );

  test('options of the reader prevail', () => {
    const metric = writer.metricModelLatency({ statistic: 'p95', period: Duration.minutes(5) });
    expect(metric).toMatchObject({ statistic: 'p95', period: Duration.minutes(5) });
  });

  test('the copies in service are the calls over the calls per copy', () => {
    const { copiesInService, noCapacityFailures } = writer.capacityMetrics;
    expect(copiesInService?.toMetricConfig().mathExpression).toMatchObject({
      expression: 'calls / callsPerCopy',
      usingMetrics: {
        calls: { metricName: 'Invocations', statistic: 'Sum' },
        callsPerCopy: { metricName: 'InvocationsPerCopy', statistic: 'Sum' },
      },
    });
    expect(noCapacityFailures).toMatchObject({ metricName: 'NoCapacityInvocationFailures' });
  });
});
