export type { ComponentBehaviour, ComponentState } from '../../sim/component';
export type { CopyState } from '../../sim/copies';
export { importedModel8b, importedModel32b, inferenceComponent8b, inferenceComponent32b } from '../../sim/profiles';
export type { LocalBackend } from './backend-id';
export type { Brain, JsonBrain, LocalChatModel, LocalComponent, LocalFunction, LocalJsonModel } from './component';
export { BrainError, ChatModel, JsonModel, type Model, RefusedError } from './model';
export { wallClock } from './wall-clock';
export { type ComponentSnapshot, World, type WorldOptions } from './world';
