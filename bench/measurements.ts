import type { Dag } from './dags.ts';
import type { BenchEngine } from './engines.ts';

export interface Measurements {
  readonly cells: readonly Cell[];
  readonly footprints: readonly Footprint[];
  readonly handler: HandlerFigures;
  /** Of a graph of 10,000 nodes, built and checked. */
  readonly graphMs: number;
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

/** The simulator without policies. */
export interface SimulatorFigures {
  /** A steady load of so many requests, ascending. */
  readonly byCount: readonly SimulationFigures[];
  /** Fourteen days of two million requests. */
  readonly twoWeeks: SimulationFigures;
  /** Whether these have the shape of the ServeGen rates, and not of the synthetic generator. */
  readonly isServeGen: boolean;
  /** Of each log; none without traces. */
  readonly accuracy: readonly LogAccuracy[];
}

/** One run in a fresh process. */
export interface SimulationFigures {
  readonly requests: number;
  readonly events: number;
  /** Of reading or drawing the requests. */
  readonly loadCpuSeconds: number;
  /** Of the run alone. */
  readonly cpuSeconds: number;
  /** Of both. */
  readonly wallSeconds: number;
  readonly peakBytes: number;
  readonly p95Seconds: number;
  readonly errors: number;
}

/** A profile fitted on the first half of a log. Shares: -0.01 is 1 % too fast. */
export interface LogAccuracy {
  readonly name: string;
  /** On the half that the fit has not seen, end to end. */
  readonly p95Error: number;
  readonly mape: number;
  /** P95 of the fluid batch over that of every step of the engine, less 1. */
  readonly fluidBesideIteration: number;
}
