/** The copies of inference components, as Application Auto Scaling names what it scales. */
export const SCALABLE_COPIES = {
  ServiceNamespace: 'sagemaker',
  ScalableDimension: 'sagemaker:inference-component:DesiredCopyCount',
} as const;

export function scalableResourceId({ inferenceComponentName }: { readonly inferenceComponentName: string }): string {
  return `inference-component/${inferenceComponentName}`;
}

/** What `autoScaleCopies` tracks; a component may have other policies beside that. */
export const CONCURRENCY_METRIC = 'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution';
