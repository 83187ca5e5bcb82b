import { Match, Template } from 'aws-cdk-lib/assertions';
import { AdapterComponent } from '../../../lib/fleet/adapter-component';
import { InferenceComponent } from '../../../lib/fleet/inference-component';
import { artifact, component, existingFleet, newFleet, stackInRegion } from './component-world';

const TYPE = 'AWS::SageMaker::InferenceComponent';

test('an adapter names its base and its weights, and reserves nothing', () => {
  const stack = stackInRegion();
  const base = component(stack, { fleet: newFleet(stack) });
  const adapter = base.addAdapter('Legal', { artifact: artifact(stack, 'legal.tar.gz') });
  expect(adapter).toMatchObject({ base, fleet: base.fleet, endpointName: base.endpointName });
  const template = Template.fromStack(stack);
  const [endpoint] = Object.keys(template.findResources('AWS::SageMaker::Endpoint'));
  const [policy] = Object.keys(template.findResources('AWS::IAM::Policy'));
  template.hasResource(TYPE, {
    DependsOn: Match.arrayWith([policy]),
    Properties: {
      EndpointName: { 'Fn::GetAtt': [endpoint, 'EndpointName'] },
      RuntimeConfig: Match.absent(),
      Specification: {
        BaseInferenceComponentName: stack.resolve(base.inferenceComponentName),
        Container: { ArtifactUrl: 's3://weights/legal.tar.gz', Image: Match.absent() },
        ComputeResourceRequirements: Match.absent(),
      },
    },
  });
});

test('an adapter of a named base waits for it, and is measured by the name that it is given itself', () => {
  const stack = stackInRegion();
  const base = component(stack, { inferenceComponentName: 'Writer' });
  const adapter = base.addAdapter('Legal', {
    artifact: artifact(stack, 'legal.tar.gz'),
    inferenceComponentName: 'Legal-Writer',
  });
  const [[id]] = Object.entries(
    Template.fromStack(stack).findResources(TYPE, { Properties: { InferenceComponentName: 'Writer' } }),
  ) as [[string, unknown]];
  Template.fromStack(stack).hasResource(TYPE, {
    DependsOn: [id],
    Properties: {
      InferenceComponentName: 'Legal-Writer',
      Specification: { BaseInferenceComponentName: 'Writer' },
    },
  });
  expect(adapter.metricInvocations().dimensions).toEqual({ InferenceComponentName: 'Legal-Writer' });
});

test('the instances may read the weights of the adapter, and nothing else of the bucket', () => {
  const stack = stackInRegion();
  component(stack, { fleet: newFleet(stack) }).addAdapter('Legal', { artifact: artifact(stack, 'legal.tar.gz') });
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        {
          Effect: 'Allow',
          Action: 's3:GetObject',
          Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::weights/legal.tar.gz']] },
        },
      ]),
    },
  });
});

test('an adapter of a component of another stack is put on the fleet of that component', () => {
  const stack = stackInRegion();
  const base = InferenceComponent.fromInferenceComponentAttributes(stack, 'Base', {
    inferenceComponentName: 'base',
    endpointName: 'gpu',
  });
  const fleet = existingFleet(stack);
  const adapter = new AdapterComponent(stack, 'Legal', { base, fleet, artifact: artifact(stack) });
  expect(adapter).toMatchObject({ base, fleet });
  Template.fromStack(stack).hasResourceProperties(TYPE, {
    EndpointName: 'gpu',
    Specification: { BaseInferenceComponentName: 'base' },
  });
});

describe('faults', () => {
  test('the base is on another endpoint', () => {
    const stack = stackInRegion();
    const base = component(stack, { fleet: existingFleet(stack, 'gpu') });
    const fleet = existingFleet(stack, 'cpu');
    expect(() => new AdapterComponent(stack, 'Legal', { base, fleet, artifact: artifact(stack) })).toThrow(
      'base: must be on the adapter\'s fleet (endpoint "cpu"), got one on endpoint "gpu" [adapter/other-fleet]',
    );
  });

  test('the base is on another fleet of the stack', () => {
    const stack = stackInRegion();
    const base = component(stack, { fleet: newFleet(stack, 'One') });
    const fleet = newFleet(stack, 'Other');
    expect(() => new AdapterComponent(stack, 'Legal', { base, fleet, artifact: artifact(stack) })).toThrow(
      '[adapter/other-fleet]',
    );
  });

  test('the base is an adapter, the weights are no archive and the name is none', () => {
    const stack = stackInRegion();
    const base = component(stack).addAdapter('Legal', { artifact: artifact(stack, 'legal.tar.gz') });
    const props = { base, fleet: base.fleet, artifact: artifact(stack, 'tax/'), inferenceComponentName: 'tax law' };
    expect(() => new AdapterComponent(stack, 'Tax', props)).toThrow(
      [
        'Test/Tax has 3 fault(s):',
        '  inferenceComponentName: must be 1 to 63 letters, digits and inner hyphens, got: "tax law" [component/name]',
        '  artifact.key: must be the key of a .tar.gz archive, the only form that a component\'s container takes: pack it, or use InferenceModel.fromSageMakerModel, got: "tax/" [component/artifact]',
        '  base: must not be an adapter itself: adapt Test/Writer instead [adapter/base-is-adapter]',
      ].join('\n'),
    );
  });
});
