import { type App, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { InferenceFleet } from '../../../lib/fleet/inference-fleet';
import { InferenceModel } from '../../../lib/fleet/inference-model';
import { InferenceInstanceType } from '../../../lib/fleet/instance-type';
import { ModelImage } from '../../../lib/fleet/model-image';
import { RoutingStrategy } from '../../../lib/fleet/routing-strategy';
import { ScaleInPolicy } from '../../../lib/fleet/scale-in-policy';

/** Two models on a fleet that may go to zero. */
export function realisticFleet(app: App) {
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
  return { stack, fleet, planner };
}
