import type { Cooldowns } from '../cooldowns';

/** What the tuner asks to be done. Each says why, in words and numbers. */
export type TunerAction = SetTarget | RestorePolicy | SetMinimum | RecommendMaximum | RecommendInstance;

/** A write of a scaling policy; at most one a tick. */
export type PolicyAction = SetTarget | RestorePolicy;

/** Writes the live scaling policy again with another target and with both cooldowns. */
export interface SetTarget extends ActionOf<'set-target'> {
  /** Concurrent requests per copy. */
  readonly from: number;
  readonly to: number;
  readonly cooldowns: Cooldowns;
}

/** Writes an earlier policy back as it was. */
export interface RestorePolicy extends ActionOf<'restore-policy'> {
  readonly target: number;
  /** The policy's document, byte for byte as it was observed. */
  readonly document: string;
}

export interface SetMinimum extends ActionOf<'set-minimum'> {
  readonly copies: number;
  /** What was live before the tuner raised it, and what it returns to. */
  readonly baseline: number;
  /** The tuner lowers the minimum again by then; whoever acts may let it expire in case the tuner stops. */
  readonly untilMs?: number;
}

export interface RecommendMaximum extends ActionOf<'recommend-maximum'> {
  readonly copies: number;
}

/** No number of copies meets the objective: a faster instance type or a smaller model might. */
export interface RecommendInstance extends ActionOf<'recommend-instance'> {
  readonly idleP95Ms: number;
  readonly objectiveMs: number;
}

interface ActionOf<Type extends string> {
  readonly type: Type;
  readonly component: string;
  readonly reasons: readonly string[];
}

export function describeAction(action: TunerAction): string {
  switch (action.type) {
    case 'set-target':
      return `set the target from ${action.from} to ${action.to}`;
    case 'restore-policy':
      return `restore the policy with target ${action.target}`;
    case 'set-minimum':
      return `set the minimum to ${action.copies} copies`;
    case 'recommend-maximum':
      return `recommend a maximum of ${action.copies} copies`;
    case 'recommend-instance':
      return `recommend a faster instance type: an idle copy takes ${Math.round(action.idleP95Ms)} of ${action.objectiveMs} ms`;
  }
}
