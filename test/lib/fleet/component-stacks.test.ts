import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import * as fc from 'fast-check';
import {
  Agent,
  CopyBatch,
  InferenceComponent,
  InferenceFleet,
  type InferenceFleetProps,
  InferenceInstanceType,
  InferenceModel,
  ModelImage,
} from '../../../lib';
import { stackNumberOf } from '../../../lib/fleet/private/component-stacks';
import { echo } from '../agent/fixtures/echo';

const IMAGE = '763104351884.dkr.ecr.us-east-1.amazonaws.com/djl-inference:0.33.0';

const HUNDRED = Array.from({ length: 100 }, (_, i) => `Model${i}`);

function newFleet(stack: Stack, props: Partial<InferenceFleetProps>) {
  return new InferenceFleet(stack, 'Gpu', {
    instanceTypes: [InferenceInstanceType.of('ml.g6.48xlarge')],
    minInstances: 0,
    maxInstances: 100,
    ...props,
  });
}

/** A fleet with components that scale from zero, and the resources of each of its stacks. */
function synthesize(ids: readonly string[], componentStacks?: number) {
  const stack = new Stack(new App(), 'Models');
  const fleet = newFleet(stack, componentStacks === undefined ? {} : { componentStacks });
  const bucket = Bucket.fromBucketName(stack, 'Weights', 'weights');
  for (const id of ids) {
    const model = InferenceModel.fromContainer({
      image: ModelImage.fromUri(IMAGE),
      artifact: { bucket, key: `${id}/v1.tar.gz` },
    });
    const component = fleet.addComponent(id, { model, resources: { accelerators: 1, memoryMiB: 1024 } });
    component.autoScaleCopies({ min: 0, max: 1, targetConcurrency: 8 });
  }
  const stacks = stack.node.findAll().filter((child): child is Stack => Stack.isStack(child));
  return new Map(stacks.map((one) => [one.node.path, Object.keys(Template.fromStack(one).toJSON().Resources)]));
}

describe('100 components that scale from zero, on 4 stacks', () => {
  const resources = synthesize(HUNDRED, 4);

  test('are in 4 nested stacks of about the same size, beside the stack of the fleet', () => {
    const sizes = [...resources].map(([path, { length }]) => [path, length] as const);
    expect(sizes.map(([path]) => path).toSorted()).toEqual([
      'Models',
      'Models/Gpu/Components1',
      'Models/Gpu/Components2',
      'Models/Gpu/Components3',
      'Models/Gpu/Components4',
    ]);
    // 5 resources each, and the policy of the stack.
    expect(sizes.reduce((sum, [path, length]) => sum + (path === 'Models' ? 0 : length), 0)).toBe(100 * 5 + 4);
    expect(Math.max(...sizes.map(([, length]) => length))).toBeLessThan(250);
  });

  test.each(['Model0', 'Model41', 'Model99'])('all stay where they are when %s goes', (gone) => {
    const without = synthesize(
      HUNDRED.filter((id) => id !== gone),
      4,
    );
    const added = [...without].flatMap(([path, ids]) => ids.filter((id) => !resources.get(path)?.includes(id)));
    const removed = [...resources].flatMap(([path, ids]) => ids.filter((id) => !without.get(path)?.includes(id)));
    expect(added).toEqual([]);
    expect(removed.map((id) => id.slice(0, gone.length))).toEqual([gone, gone, gone, gone, gone]);
  });
});

test('with one stack more a component stays, or goes to the new one', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 49 }), (id, count) => {
      expect([stackNumberOf(id, count), count]).toContain(stackNumberOf(id, count + 1));
    }),
  );
});

describe('components that do not fit into one stack', () => {
  const refusal = (ids: readonly string[], componentStacks?: number) => {
    try {
      synthesize(ids, componentStacks);
    } catch (error) {
      return String(error);
    }
    return 'none';
  };

  test('are told the least number of stacks that they fit into', () => {
    const message = refusal(HUNDRED);
    expect(message).toMatch(
      /stack "Models" has 50\d resources, and CloudFormation takes 500: give the fleet componentStacks: 2, the least.*\[fleet\/too-many-resources\]/,
    );
    expect(synthesize(HUNDRED, 2).size).toBe(3);
  });

  test('are told a number with which each can be named outside of its stack', () => {
    const stack = new Stack(new App(), 'Models');
    const fleet = newFleet(stack, {});
    const options = { model: InferenceModel.fromSageMakerModelName('model'), resources: { memoryMiB: 1024 } };
    // One resource each, so that two stacks have room for all; but a stack has 200 outputs.
    for (let i = 0; i < 500; i++) fleet.addComponent(`Model${i}`, options);
    expect(() => Template.fromStack(stack)).toThrow(/componentStacks: 3, the least/);
  });

  test('are told a higher number where there is one that is too low', () => {
    expect(refusal(HUNDRED, 1)).toMatch(/stack "Models\/Gpu\/Components1" has 501 resources.*componentStacks: 2, /);
  });

  test('are told to make them elsewhere if the fleet is not of this app', () => {
    const stack = new Stack(new App(), 'Models');
    const fleet = InferenceFleet.fromFleetAttributes(stack, 'Gpu', { endpointName: 'shared' });
    for (const id of [...HUNDRED, 'Model100']) {
      const model = InferenceModel.fromSageMakerModelName('model');
      const component = new InferenceComponent(stack, id, { fleet, model, resources: { memoryMiB: 1024 } });
      component.autoScaleCopies({ min: 0, max: 1, targetConcurrency: 8 });
    }
    expect(() => Template.fromStack(stack)).toThrow(/addComponent: stack "Models" has 505 resources.*new NestedStack/);
  });
});

test.each([0, 1.5, 51])('componentStacks %d is refused', (componentStacks) => {
  expect(() => newFleet(new Stack(new App(), 'Models'), { componentStacks })).toThrow(
    `componentStacks: must be a whole number from 1 to 50 that is known at synthesis, got: ${componentStacks} [fleet/component-stacks]`,
  );
});

describe('a component in a nested stack of its fleet', () => {
  const stack = new Stack(new App(), 'Models', { env: { region: 'us-east-1' } });
  const fleet = newFleet(stack, { componentStacks: 1 });
  const bucket = Bucket.fromBucketName(stack, 'Weights', 'weights');
  const writer = fleet.addComponent('Writer', {
    model: InferenceModel.fromContainer({
      image: ModelImage.fromUri(IMAGE),
      artifact: { bucket, key: 'writer/v1.tar.gz' },
    }),
    resources: { accelerators: 1, memoryMiB: 1024 },
  });
  writer.autoScaleCopies({ min: 0, max: 1, targetConcurrency: 8 });
  const agent = new Agent(stack, 'Echo', {
    graph: echo,
    code: Code.fromInline('exports.handler = async () => ({});'),
    components: { writer },
  });
  agent.dashboard();
  agent.alarms();
  const other = new Stack(stack.node.root, 'Callers', { env: { region: 'us-east-1' } });
  const role = new Role(other, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  writer.grants.invoke(role);
  new CfnOutput(other, 'Name', { value: writer.inferenceComponentName });
  const nested = Stack.of(writer);
  const outer = Template.fromStack(stack);
  const arn = { 'Fn::GetAtt': [Match.stringLikeRegexp('^GpuComponents1'), Match.stringLikeRegexp('^Outputs\\.')] };

  test('may be called, and is named, by an agent in the stack of the fleet', () => {
    outer.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({ Action: 'sagemaker:InvokeEndpoint', Resource: Match.arrayWith([arn]) }),
        ]),
      }),
    });
    const [lambda] = Object.values(outer.findResources('AWS::Lambda::Function'));
    expect(JSON.stringify(lambda?.Properties.Environment)).toMatch(/inferenceComponentName.*GpuComponents1.*Outputs/);
  });

  test('is watched by dashboards and alarms there', () => {
    const [dashboard] = Object.values(outer.findResources('AWS::CloudWatch::Dashboard'));
    expect(JSON.stringify(dashboard?.Properties.DashboardBody)).toMatch(/InvocationsPerCopy.*GpuComponents1/);
    outer.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'NoCapacityInvocationFailures',
      Dimensions: [
        {
          Name: 'InferenceComponentName',
          Value: { 'Fn::Select': [1, { 'Fn::Split': [':inference-component/', arn] }] },
        },
      ],
    });
  });

  test('is named, and may be called, from another stack of the app', () => {
    const callers = Template.fromStack(other);
    const imported = { 'Fn::ImportValue': Match.stringLikeRegexp('GpuComponents1.*InferenceComponentArn') };
    callers.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: Match.objectLike({
        Statement: [Match.objectLike({ Action: 'sagemaker:InvokeEndpoint', Resource: Match.arrayWith([imported]) })],
      }),
    });
    callers.hasOutput('Name', { Value: { 'Fn::Select': [1, Match.anyValue()] } });
  });

  test('is made after the endpoint and the role, and deleted before them, because its stack refers to both', () => {
    const [resource] = Object.values(outer.findResources('AWS::CloudFormation::Stack'));
    const parameters = Object.values(resource?.Properties.Parameters);
    expect(parameters).toContainEqual({
      'Fn::GetAtt': [expect.stringMatching(/^Gpu[0-9A-F]{8}$/), 'EndpointName'],
    });
    expect(parameters).toContainEqual({ Ref: expect.stringMatching(/^GpuRole/) });
    Template.fromStack(nested).hasResource('AWS::SageMaker::InferenceComponent', {
      DependsOn: [Match.stringLikeRegexp('^ReadsOf')],
    });
    outer.resourceCountIs('AWS::SageMaker::InferenceComponent', 0);
  });
});

describe('an alarm that guards a component and needs another one in the same nested stack', () => {
  const rolledBackBy = (stackOf: (writer: InferenceComponent) => Stack) => {
    const stack = new Stack(new App(), 'Models');
    const fleet = newFleet(stack, { componentStacks: 1 });
    const options = { model: InferenceModel.fromSageMakerModelName('model'), resources: { memoryMiB: 1024 } };
    const metric = fleet.addComponent('Reader', options).metricModelLatency();
    const writer = fleet.addComponent('Writer', {
      ...options,
      rollingUpdate: { batch: CopyBatch.copies(1), bakeTime: Duration.minutes(1) },
    });
    writer.rollBackOn(new Alarm(stackOf(writer), 'Slow', { metric, threshold: 1, evaluationPeriods: 1 }));
    return () => Template.fromStack(stack);
  };

  test('may be in that stack', () => {
    expect(rolledBackBy((writer) => Stack.of(writer))).not.toThrow();
  });

  test('must not be in another, which would wait for that stack, as it waits for the alarm', () => {
    expect(rolledBackBy(({ stack }) => stack.nestedStackParent!)).toThrow(
      /Models\/Slow\) that needs Models\/Gpu\/Components1\/Reader\/Resource, .* make the alarm in that stack \(Models\/Gpu\/Components1\)/,
    );
  });
});
