import { criticalPathMs, type DagId } from './dags.ts';
import type { Cell } from './measurements.ts';
import { median } from './statistics.ts';

/** One cell in figures, as `--json` prints it. */
export interface Row {
  readonly engine: string;
  readonly dag: DagId;
  readonly medianMs: number;
  /** Of DAGs whose nodes do nothing: all of it is the engine's. */
  readonly usPerNode: number | null;
  /** Of DAGs whose nodes take time. */
  readonly criticalPathRatio: number | null;
}

export function rowOf({ engine, dag, samplesMs }: Cell): Row {
  const medianMs = median(samplesMs);
  const pathMs = criticalPathMs(dag);
  return {
    engine: engine.id,
    dag: dag.id,
    medianMs,
    usPerNode: pathMs === 0 ? (medianMs * 1_000) / dag.nodes.length : null,
    criticalPathRatio: pathMs === 0 ? null : medianMs / pathMs,
  };
}
