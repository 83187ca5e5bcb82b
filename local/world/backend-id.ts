import type { BedrockBinding, LambdaBinding, SageMakerBinding } from '../../core/graph/binding';

/** A backend that can be stood in for. */
export type LocalBackend = SageMakerBinding | BedrockBinding | LambdaBinding;

/** Tells backends apart, across services: `sagemaker/writer`, `bedrock/arn:...`, `lambda/search`. */
export function backendId(backend: LocalBackend): string {
  if (backend.type === 'sagemaker') return `sagemaker/${backend.inferenceComponentName ?? backend.endpointName}`;
  if (backend.type === 'bedrock') return `bedrock/${backend.modelId}`;
  return `lambda/${functionName(backend.functionName)}`;
}

/** The bare name of a function given by name, partial ARN or ARN, with or without a qualifier. */
function functionName(nameOrArn: string): string {
  return /^(?:.*:)?function:([^:]+)/.exec(nameOrArn)?.[1] ?? nameOrArn.replace(/:.*$/, '');
}
