import { App, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { IInferenceFleet } from '../../../lib/fleet/fleet-ref';
import { InferenceComponent, type InferenceComponentOptions } from '../../../lib/fleet/inference-component';
import { InferenceFleet } from '../../../lib/fleet/inference-fleet';
import { InferenceModel } from '../../../lib/fleet/inference-model';
import { InferenceInstanceType } from '../../../lib/fleet/instance-type';
import { ModelImage } from '../../../lib/fleet/model-image';

export const IMAGE = '763104351884.dkr.ecr.eu-central-1.amazonaws.com/djl-inference:0.36.0-lmi';

/** An app in which CloudFormation's own rules are errors, and a stack in a Region. */
export function stackInRegion(id = 'Test', app = new App({ context: STRICT })): Stack {
  return new Stack(app, id, { env: { account: '111122223333', region: 'eu-central-1' } });
}

const STRICT = { '@aws-cdk/core:validateAgainstDefaultRules': true };

/** A fleet that the stack makes. */
export function newFleet(stack: Stack, id = 'Fleet'): InferenceFleet {
  return new InferenceFleet(stack, id, {
    instanceTypes: [InferenceInstanceType.of('ml.g6.12xlarge')],
    minInstances: 0,
    maxInstances: 4,
  });
}

/** A fleet that another stack made. */
export function existingFleet(stack: Stack, endpointName = 'gpu'): IInferenceFleet {
  return InferenceFleet.fromFleetAttributes(stack, `Existing${endpointName}`, { endpointName });
}

/** A container that holds its weights. */
export const containerModel = () => InferenceModel.fromContainer({ image: ModelImage.fromUri(IMAGE) });

/** A component of one GPU, on a fleet that exists unless another is given. */
export function component(
  stack: Stack,
  options: Partial<InferenceComponentOptions> & { readonly fleet?: IInferenceFleet } = {},
  id = 'Writer',
): InferenceComponent {
  return new InferenceComponent(stack, id, {
    fleet: existingFleet(stack, `for-${id}`),
    model: containerModel(),
    resources: { accelerators: 1, memoryMiB: 16_384 },
    ...options,
  });
}

export const artifact = (stack: Stack, key = 'writer/v3.tar.gz') => ({
  bucket: Bucket.fromBucketName(stack, `Bucket-${key}`, 'weights'),
  key,
});
