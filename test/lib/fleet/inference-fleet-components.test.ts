import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { InferenceFleet } from '../../../lib/fleet/inference-fleet';
import { InferenceModel } from '../../../lib/fleet/inference-model';
import { InferenceInstanceType } from '../../../lib/fleet/instance-type';
import { realisticFleet } from './realistic-fleet';

const { stack, fleet, planner } = realisticFleet(new App());
const template = Template.fromStack(stack);

test('a realistic fleet warns of nothing but the bill', () => {
  const warnings = Annotations.fromStack(stack).findWarning('*', Match.anyValue());
  expect(warnings.map(({ id, entry }) => [id, entry.data])).toEqual([
    ['/Support/Gpu', expect.stringContaining('[ack: cdk-compound-inference:fleet/bills-instances]')],
  ]);
});

test('a component that is added is placed on the fleet', () => {
  expect(planner.node.scope).toBe(fleet);
  template.hasResourceProperties('AWS::SageMaker::InferenceComponent', {
    EndpointName: { 'Fn::GetAtt': ['Gpu06F3B4DF', 'EndpointName'] },
    VariantName: 'AllTraffic',
    Specification: Match.objectLike({
      ComputeResourceRequirements: { NumberOfAcceleratorDevicesRequired: 1, MinMemoryRequiredInMb: 16_384 },
    }),
  });
});

test('the role of the fleet reads what the components need, before they start', () => {
  template.hasResourceProperties('AWS::IAM::Policy', {
    Roles: [{ Ref: Match.stringLikeRegexp('^GpuRole') }],
    PolicyDocument: Match.objectLike({
      Statement: Match.arrayWith([Match.objectLike({ Action: 's3:GetObject' })]),
    }),
  });
});

test('a component that no instance holds is refused at synthesis', () => {
  const small = new Stack(new App(), 'Small');
  const tooSmall = new InferenceFleet(small, 'Gpu', {
    instanceTypes: [InferenceInstanceType.G6_XLARGE],
    maxInstances: 9,
  });
  const model = InferenceModel.fromSageMakerModelName('writer');
  tooSmall.addComponent('Writer', { model, resources: { accelerators: 2, memoryMiB: 1024 } });
  expect(() => Template.fromStack(small)).toThrow('Small/Gpu/Writer: a copy takes 2 accelerator(s), 1024 MiB');
});
