import type { DemandHistory } from '../../core/scale';
import type { CapacityHold, ComponentRecord, OpenRun, WarmKnowledge, WarmState } from '../../core/warm';

/** Ids of the documents on the board. */
export const POLICY_ID = 'policy';
export const componentId = (key: string) => `component#${key}`;
export const holdId = (key: string) => `hold#${key}`;
export const agentKnowledgeId = (agent: string) => `knowledge#agent#${agent}`;
export const componentKnowledgeId = (key: string) => `knowledge#component#${key}`;
/** Whoever has it calls the copies of the backend for the first time. */
export const firstCallId = (key: string) => `lease#first-call#${key}`;
export const leaseId = (agent: string, slot: number) => `lease#entry#${agent}#${slot}`;

/** What decisions remember. */
export interface PolicyDocument {
  readonly state: WarmState;
  /** Runs that may still be under way. */
  readonly runs: readonly OpenRun[];
  /** Runs that have ended lately: a message on their entry may still come, or come again. @default none */
  readonly ended?: readonly EndedId[];
  /** Keys of backends whose capacity may differ from what was found, also if no deployment knows them any more. */
  readonly changed: readonly string[];
}

export interface EndedId {
  readonly id: string;
  /** When its end was told. */
  readonly atMs: number;
}

/** What is seen of a backend; the orchestrators read it. */
export type ComponentDocument = ComponentRecord;

/** Written before the capacity of a backend is changed, and gone when it is as it was found. It never expires. */
export interface HoldDocument {
  readonly hold: CapacityHold;
  /** What was changed. */
  readonly lever: 'minimum' | 'copies';
  /** Enough to change it back. */
  readonly inferenceComponentName: string;
  readonly region?: string;
  /** Copies that were asked for. */
  readonly copies: number;
  /** Until when whoever wrote this may be changing it. */
  readonly workingUntilMs?: number;
}

/** What was learned of an agent: of `WarmKnowledge` the branches, durations and widths of its nodes. */
export type AgentKnowledge = Pick<WarmKnowledge, 'branches' | 'durations' | 'widths'>;

/** What was learned of a backend. */
export interface ComponentKnowledge extends Pick<WarmKnowledge, 'coldStarts' | 'idleTimes'> {
  /** When the last call that is known of ended. */
  readonly lastCallMs?: number;
  /** When it last answered a call. */
  readonly servedAtMs?: number;
  /** When the copies had come that were called for the first time. */
  readonly firstCalledAtMs?: number;
  readonly demand: DemandHistory;
  /** Milliseconds of service since then, of all calls together. */
  readonly servedMs: number;
  readonly servedSinceMs: number;
}
