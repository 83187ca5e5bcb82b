export type { EventFailure, Fault, LocalTable, Schedule } from './aws';
export { type LocalStack, type LocalStackOptions, startLocalStack } from './stack';
export { type LocalSpillover, type LocalSystem, localSystem, type ModelOverrides } from './system';
export type { LocalTenantLimits } from './tenants';
export type { LocalWarming } from './warming';
export {
  type Brain,
  importedModel8b,
  importedModel32b,
  inferenceComponent8b,
  inferenceComponent32b,
  type JsonBrain,
  type LocalComponent,
  type LocalFunction,
} from './world';
