import { DescribeInferenceComponentCommand, type SageMakerClient } from '@aws-sdk/client-sagemaker';

export interface Copies {
  readonly desired: number;
  readonly inService: number;
}

/** @throws what the SDK throws, and an Error for a component whose copies are not told */
export async function readCopies(client: SageMakerClient, inferenceComponentName: string): Promise<Copies> {
  const { RuntimeConfig } = await client.send(
    new DescribeInferenceComponentCommand({ InferenceComponentName: inferenceComponentName }),
  );
  const { DesiredCopyCount: desired, CurrentCopyCount: inService } = RuntimeConfig ?? {};
  if (desired === undefined || inService === undefined) {
    throw new Error(`${inferenceComponentName} does not tell its copies`);
  }
  return { desired, inService };
}
