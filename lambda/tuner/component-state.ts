import type { ComponentState, TunerAction } from '../../core/scale';
import { type ComponentHistory, NO_HISTORY } from './component-history';
import type { DecidedEntry } from './ledger';
import { NO_STARTS, type StartTimes } from './ready-times';

/** What is kept of a component between ticks. Plain JSON data. */
export interface KeptComponent {
  readonly tickedAtMs?: number;
  /** Left out before the first decision. */
  readonly tuner?: ComponentState;
  /** When something was last decided on new data. */
  readonly decidedAtMs?: number;
  readonly history: ComponentHistory;
  readonly starts: StartTimes;
  /** Of the change that is watched: sort key of its entry in the ledger. */
  readonly changeAt?: string;
  /** When Application Auto Scaling takes back the minimum that was raised last, unless it is put off. */
  readonly minimumExpiresAtMs?: number;
  /** Decided, but whether it was done is not known yet. */
  readonly pending?: PendingTick;
}

export interface PendingTick {
  readonly at: string;
  readonly actions: readonly TunerAction[];
  /** What goes into the ledger, without what was done. */
  readonly entry: DecidedEntry;
}

export const NEW_COMPONENT: KeptComponent = { history: NO_HISTORY, starts: NO_STARTS };
