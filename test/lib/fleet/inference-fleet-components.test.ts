import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { InferenceFleet } from '../../../lib/fleet/inference-fleet';
import { InferenceModel } from '../../../lib/fleet/inference-model';
import { InferenceInstanceType } from '../../../lib/fleet/instance-type';
import { ModelImage } from '../../../lib/fleet/model-image';
import { RoutingStrategy } from '../../../lib/fleet/routing-strategy';
import { ScaleInPolicy } from '../../../lib/fleet/scale-in-policy';

// Off in other tests.
process.env.CDK_VALIDATION = 'true';

/** Two models on a fleet that may go to zero. Findings of the built-in validator are errors. */
function realisticApp() {
  const app = new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true } });
  const stack = new Stack(app, 'Support', { env: { region: 'us-east-1' } });
  const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: ['us-east-1a'],
    privateSubnetIds: ['subnet-0123456789abcdef0'],
    privateSubnetRouteTableIds: ['rtb-0123456789abcdef0'],
  });
  const fleet = new InferenceFleet(stack, 'Gpu', {
    instanceTypes: [InferenceInstanceType.G6_12XLARGE, InferenceInstanceType.G5_12XLARGE],
    minInstances: 0,
    maxInstances: 4,
    scaleIn: ScaleInPolicy.consolidation({ maxStep: 2 }),
    routing: RoutingStrategy.prefixAware({ prefixLength: 8192, concurrencyThreshold: 32 }),
    vpc,
    inferenceAmiVersion: 'al2023-ami-sagemaker-inference-gpu-4-1',
    enhancedMetrics: true,
  });

  const image = ModelImage.fromEcrRepository(Repository.fromRepositoryName(stack, 'Images', 'vllm'), '0.11.0');
  const bucket = Bucket.fromBucketName(stack, 'Models', 'models');
  const model = (name: string) => InferenceModel.fromContainer({ image, artifact: { bucket, key: `${name}.tar.gz` } });
  const planner = fleet.addComponent('Planner', {
    model: model('planner'),
    resources: { accelerators: 1, memoryMiB: 16_384 },
  });
  const writer = fleet.addComponent('Writer', {
    model: model('writer'),
    resources: { accelerators: 2, memoryMiB: 32_768 },
  });
  planner.autoScaleCopies({ min: 0, max: 4, targetConcurrency: 8 });
  writer.autoScaleCopies({ min: 0, max: 4, targetConcurrency: 4 });
  return { stack, fleet, planner, template: Template.fromStack(stack) };
}

/** Where the validator prints findings that are no errors. */
const complaints = jest.spyOn(console, 'error');
const { stack, fleet, planner, template } = realisticApp();

test('a realistic fleet passes the built-in validator, and warns of nothing but the bill', () => {
  expect(complaints).not.toHaveBeenCalled();
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
