import { setTimeout } from 'node:timers/promises';
import type { Dag, DagNode } from '../dags.ts';

/** Makes a graph of an engine's own out of a DAG; what it returns runs that graph once and answers its checksum. */
export type Prepare = (dag: Dag) => Run | Promise<Run>;

export type Run = () => Promise<number>;

/** The body of every node, in every engine. */
export async function work({ durationMs }: DagNode, inputs: readonly number[]): Promise<number> {
  if (durationMs > 0) await setTimeout(durationMs);
  return 1 + Math.max(0, ...inputs);
}

export function sum(outputs: readonly number[]): number {
  return outputs.reduce((total, output) => total + output, 0);
}
