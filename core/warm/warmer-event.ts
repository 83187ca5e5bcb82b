import type { Activity } from './activity';
import type { NodeOutcome } from './knowledge';
import type { OpenRequest } from './run-forecast';

/** What the warmer is told; the payload of its invocations. */
export type WarmerEvent = EntryEvent | RunsEvent | TickEvent | StopEvent;

/** Runs have begun that may need what is not known to be warm. */
export interface EntryEvent {
  readonly type: 'entry';
  readonly agent: string;
  readonly requests: readonly OpenRun[];
}

/** A run, and when it will have ended at the latest. */
export interface OpenRun extends OpenRequest {
  readonly sinceMs: number;
  readonly deadlineAtMs: number;
}

/** What ended runs teach. */
export interface RunsEvent {
  readonly type: 'runs';
  /** Ids of those that a message on entry has named. @default none */
  readonly ended?: readonly string[];
  readonly runs: readonly EndedRun[];
  /** Of the backends that their calls met, by key. */
  readonly activity: Readonly<Record<string, Activity>>;
}

export interface EndedRun {
  readonly agent: string;
  readonly endedAtMs: number;
  /** By node id. */
  readonly outcomes: Readonly<Record<string, NodeOutcome>>;
}

/** A minute has passed. */
export interface TickEvent {
  readonly type: 'tick';
}

/** Nothing shall be warmed any more: whatever was changed is restored. For when the warmer is taken away. */
export interface StopEvent {
  readonly type: 'stop';
}
