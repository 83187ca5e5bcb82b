import type { BedrockBinding, LambdaBinding, SageMakerBinding } from '../../core/graph/binding';
import type { ModelBehaviour } from '../../local/world';
import { backendId } from '../../local/world/backend-id';
import type { ComponentModel } from '../../sim/world/world-model';

/** Where a model of a scenario is reached when it runs live. */
export function modelBackend(name: string, model: ModelBehaviour): SageMakerBinding | BedrockBinding {
  return model.kind === 'inference-component'
    ? { type: 'sagemaker', endpointName: model.fleet, inferenceComponentName: name }
    : { type: 'bedrock', modelId: name };
}

export const toolBackend = (name: string): LambdaBinding => ({ type: 'lambda', functionName: name });

/** What the live world calls a component. Its cold starts are drawn by that name. */
export function liveName(name: string, model: ComponentModel): string {
  return backendId(model.kind === 'tool' ? toolBackend(name) : modelBackend(name, model));
}
