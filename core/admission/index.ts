export {
  type Admission,
  type Admitted,
  type Arrival,
  admit,
  crowdedOut,
  intervalMs,
  latestDebtMs,
  NEW_TENANT,
  type Refused,
  type TenantState,
} from './admit';
export { MAX_CONCURRENCY, type RunRate, type TenantLimits } from './tenant-limits';
