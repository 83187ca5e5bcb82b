import type { Dag } from './dags.ts';
import type { BenchEngine } from './engines.ts';

export interface Measurements {
  readonly cells: readonly Cell[];
  readonly footprints: readonly Footprint[];
  readonly handler: HandlerFigures;
  /** Of an app of 100 autoscaled components and 10 agents. */
  readonly synthSeconds: number;
}

/** One DAG on one engine. */
export interface Cell {
  readonly engine: BenchEngine;
  readonly dag: Dag;
  /** Each timed run, over all rounds. */
  readonly samplesMs: readonly number[];
}

/** What an engine costs before it does anything. */
export interface Footprint {
  readonly engine: BenchEngine;
  readonly minifiedBytes: number;
  /** In a fresh process, of the minified bundle. */
  readonly importMs: number;
}

/** The Lambda function of an agent with one call. Times count from the start of its process. */
export interface HandlerFigures {
  readonly minifiedBytes: number;
  readonly processReadyMs: number;
  readonly bundleLoadedMs: number;
  readonly firstAnswerMs: number;
  /** A warm request less the same HTTP call made bare. */
  readonly overheadP50Ms: number;
  readonly overheadP90Ms: number;
}
