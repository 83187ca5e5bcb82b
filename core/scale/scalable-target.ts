/** The copies of inference components, as Application Auto Scaling names what it scales. Frozen: paginators write into input. */
export const SCALABLE_COPIES = Object.freeze({
  ServiceNamespace: 'sagemaker',
  ScalableDimension: 'sagemaker:inference-component:DesiredCopyCount',
} as const);

export function scalableResourceId({ inferenceComponentName }: { readonly inferenceComponentName: string }): string {
  return `inference-component/${inferenceComponentName}`;
}

/** What `autoScaleCopies` tracks; a component may have other policies beside that. */
export const CONCURRENCY_METRIC = 'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution';
