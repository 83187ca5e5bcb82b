export type { CopyState } from '../../sim/serving/copy-pool';
export type { ComponentState } from '../../sim/world/model-component';
export {
  importedModel8b,
  importedModel32b,
  inferenceComponent8b,
  inferenceComponent32b,
  singleGpuFleet,
} from '../../sim/world/presets';
export type { LocalBackend } from './backend-id';
export type {
  Brain,
  JsonBrain,
  LocalChatModel,
  LocalComponent,
  LocalFunction,
  LocalJsonModel,
  ModelBehaviour,
} from './component';
export { BrainError, ChatModel, JsonModel, type Model, RefusedError } from './model';
export { wallClock } from './wall-clock';
export { type ComponentSnapshot, World, type WorldOptions } from './world';
