import type { CfnInferenceComponent } from 'aws-cdk-lib/aws-sagemaker';
import { renderPlacement } from '../copy-placement';
import type { InferenceComponentOptions } from '../inference-component';

/** What a component runs, and what each copy takes, as the service wants it. */
export function renderSpecification(
  options: InferenceComponentOptions,
): CfnInferenceComponent.InferenceComponentSpecificationProperty {
  const { resources, modelDownloadTimeout, healthCheckTimeout, dataCache, placement } = options;
  return {
    ...options.model._render(),
    computeResourceRequirements: {
      numberOfAcceleratorDevicesRequired: resources.accelerators,
      numberOfCpuCoresRequired: resources.cpuCores,
      minMemoryRequiredInMb: resources.memoryMiB,
    },
    startupParameters:
      modelDownloadTimeout || healthCheckTimeout
        ? {
            modelDataDownloadTimeoutInSeconds: modelDownloadTimeout?.toSeconds(),
            containerStartupHealthCheckTimeoutInSeconds: healthCheckTimeout?.toSeconds(),
          }
        : undefined,
    dataCacheConfig: dataCache === undefined ? undefined : { enableCaching: dataCache },
    schedulingConfig: placement && renderPlacement(placement),
  };
}
