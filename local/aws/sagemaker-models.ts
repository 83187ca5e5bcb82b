import type { SageMakerBinding } from '../../core/graph/binding';
import type { Model } from '../world/model';
import type { World } from '../world/world';

export interface SageMakerModel {
  readonly backend: SageMakerBinding;
  readonly model: Model;
}

/** The models that stand in for SageMaker endpoints and inference components. */
export function sagemakerModels(world: World): SageMakerModel[] {
  return world.models.flatMap((model) =>
    model.backend.type === 'sagemaker' ? [{ backend: model.backend, model }] : [],
  );
}
