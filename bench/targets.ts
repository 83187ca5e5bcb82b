import type { DagId } from './dags.ts';
import { OURS } from './engines.ts';
import type { Measurements } from './measurements.ts';
import { type Row, rowOf } from './rows.ts';
import { round, table } from './table.ts';

/** What the project promises of itself. */
export interface Target {
  readonly promise: string;
  /** Undefined if what it compares did not take part. */
  readonly measured: number | undefined;
  readonly limit: number;
  readonly isMinimum?: true;
  readonly unit: string;
}

export function targetTable(targets: readonly Target[]): string {
  const lines = targets.map((target) => {
    const { promise, measured, limit, isMinimum, unit } = target;
    const met = { true: 'yes', false: '**no**', undefined: '-' }[String(isMet(target))]!;
    const value = measured === undefined ? '-' : `${round(measured)} ${unit}`;
    return [promise, value, `${isMinimum ? '>=' : '<='} ${limit} ${unit}`, met];
  });
  return table(['', 'measured', 'limit', 'met'], lines);
}

function isMet({ measured, limit, isMinimum }: Target): boolean | undefined {
  if (measured === undefined) return undefined;
  return isMinimum ? measured >= limit : measured <= limit;
}

export function targetsOf({ cells, footprints, graphMs, handler, synthSeconds }: Measurements): Target[] {
  const rows = cells.map(rowOf);
  const ours = (dag: DagId) => rows.find((row) => row.engine === OURS && row.dag === dag);
  const core = footprints.find(({ engine }) => engine.id === OURS);
  const usPerNode = (dag: DagId) => ours(dag)?.usPerNode ?? undefined;
  const ratio = (dag: DagId) => ours(dag)?.criticalPathRatio ?? undefined;
  return [
    { promise: 'per node, chain of 10', measured: usPerNode('chain'), limit: 5, unit: 'µs' },
    { promise: 'per node, layered', measured: usPerNode('layered'), limit: 5, unit: 'µs' },
    { promise: 'skewed diamond beside its critical path', measured: ratio('skewed'), limit: 1.06, unit: '×' },
    { promise: 'timed layered beside its critical path', measured: ratio('timed'), limit: 1.05, unit: '×' },
    {
      promise: 'less per node than LangGraph.js, where least',
      measured: advantageOver('langgraph', rows),
      limit: 100,
      isMinimum: true,
      unit: '×',
    },
    { promise: 'core, minified', measured: core && core.minifiedBytes / 1e3, limit: 15, unit: 'KB' },
    { promise: 'core, import', measured: core?.importMs, limit: 5, unit: 'ms' },
    { promise: 'a graph of 10,000 nodes, built and checked', measured: graphMs / 1e3, limit: 1, unit: 's' },
    { promise: 'handler with all backends, minified', measured: handler.minifiedBytes / 1e6, limit: 1.3, unit: 'MB' },
    { promise: 'first request, since process start', measured: handler.firstAnswerMs, limit: 150, unit: 'ms' },
    { promise: 'handler beside a bare call, p50', measured: handler.overheadP50Ms, limit: 2, unit: 'ms' },
    { promise: 'synth of 100 components and 10 agents', measured: synthSeconds, limit: 10, unit: 's' },
  ];
}

/** How many times as long a peer takes, on the DAG where that is least. */
function advantageOver(peer: string, rows: readonly Row[]): number | undefined {
  const advantages = rows
    .filter(({ engine, usPerNode }) => engine === peer && usPerNode !== null)
    .flatMap(({ dag, medianMs }) => {
      const ours = rows.find((row) => row.engine === OURS && row.dag === dag);
      return ours ? [medianMs / ours.medianMs] : [];
    });
  return advantages.length > 0 ? Math.min(...advantages) : undefined;
}
