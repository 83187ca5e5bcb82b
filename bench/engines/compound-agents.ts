import { type CallPolicyOptions, type Graph, graph, model, type Schema } from '../../core/graph/index.ts';
import type { CallResult, Clock } from '../../core/run/index.ts';
import type { Dag, DagNode } from '../dags.ts';
import { sum, work } from './adapter.ts';

export type Agent = Graph<undefined, number>;

type Values = Readonly<Record<string, number>>;

/** What a call of a node passes to its component. */
export interface Job {
  readonly node: DagNode;
  readonly inputs: readonly number[];
}

/** Every node is a function. */
export function computing({ nodes }: Dag): Agent {
  // A graph made in a loop has no literal ids for TypeScript to check.
  let builder: any = graph('bench', { input: anything });
  for (const node of nodes) {
    const needs = idsOf(node.needs, nodes);
    builder = builder.compute(node.id, needs, (values: Values) => work(node, valuesOf(needs, values)));
  }
  return builder.output((values: Values) => sum(nodes.map(({ id }) => values[id]!)));
}

/** Every node calls one component, for `answerJob` to answer. */
export function calling({ nodes }: Dag, policies: CallPolicyOptions): Agent {
  const worker = model<Job, number>('worker', { ...policies, format: NEVER_ON_A_WIRE });
  let builder: any = graph('bench', { input: anything });
  for (const node of nodes) {
    const needs = idsOf(node.needs, nodes);
    const input = (values: Values): Job => ({ node, inputs: valuesOf(needs, values) });
    builder = builder.node(node.id, needs, { call: worker, input });
  }
  return builder.output((values: Values) => sum(nodes.map(({ id }) => values[id]!)));
}

export async function answerJob(job: unknown): Promise<CallResult> {
  const { node, inputs } = job as Job;
  return { output: await work(node, inputs) };
}

export const anything: Schema<any> = { '~standard': { version: 1, vendor: 'bench', validate: (value) => ({ value }) } };

export const clock: Clock = {
  now: () => performance.now(),
  setTimer: (wake, delayMs) => setTimeout(wake, delayMs),
  clearTimer: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

const NEVER_ON_A_WIRE = { encode: () => '', decode: () => 0 };

function idsOf(positions: readonly number[], nodes: readonly DagNode[]): string[] {
  return positions.map((position) => nodes[position]!.id);
}

function valuesOf(ids: readonly string[], values: Values): number[] {
  return ids.map((id) => values[id]!);
}
