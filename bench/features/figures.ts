import type { Cell } from '../measurements.ts';
import type { DoorExtent, DoorFigures } from './door/measure.ts';
import type { IdleExtent } from './idle.ts';
import type { PlannerFigures } from './planner.ts';
import type { StreamExtent } from './streams/measure.ts';
import type { EngineStreams } from './streams/measure-engines.ts';

export interface FeatureFigures {
  readonly idle: readonly Cell[];
  readonly planner: readonly PlannerFigures[];
  readonly streams: readonly EngineStreams[];
  readonly door: DoorFigures;
}

export interface FeatureExtent {
  readonly idle: IdleExtent;
  readonly planner: { readonly tasks: readonly number[]; readonly runs: number };
  readonly streams: StreamExtent;
  readonly door: DoorExtent;
}
