import { importedModel8b, inferenceComponent8b } from '../../sim/world/presets';
import type { LocalChatModel, LocalJsonModel, ModelBehaviour } from './component';

/** How the copies of a model start, serve and scale. */
export function behaviourOf({ backend, behaviour }: LocalChatModel | LocalJsonModel): ModelBehaviour {
  return behaviour ?? (backend.type === 'bedrock' ? importedModel8b : inferenceComponent8b);
}
