import type { NodeShare, ObjectiveSplit } from '../../sim/planner/objective-split';
import { table } from './table';

/** Beside names no more than 80 columns. */
const BAR_COLUMNS = 56;

/** A split as a table, and as a picture in which each node begins when those that it needs have used up their shares. */
export function formatSplit(split: ObjectiveSplit, assumptions: readonly string[]): string {
  const { objective, instanceType, leastP95Ms, usdPer1000Runs, nodes } = split;
  return `${[
    `p95=${seconds(objective.p95Ms)} on ${instanceType}: $${usdPer1000Runs.toFixed(2)} for 1000 runs; at light load runs take ${seconds(leastP95Ms)}`,
    '',
    ...table(
      [['component', 'node', 'share', 'light P95', 'slack', 'critical', '$/1000 runs'], ...nodes.map(rowOf)],
      LEFT_COLUMNS,
    ),
    '',
    ...drawShares(split),
    '',
    'Shares may add up to more than the objective: nodes seldom peak together.',
    ...assumptions.map((assumption) => `assumed: ${assumption}`),
  ].join('\n')}\n`;
}

const LEFT_COLUMNS = 2;

function rowOf({ component, node, shareMs, lightP95Ms, slackMs, criticality, usdPer1000Runs }: NodeShare): string[] {
  return [
    component,
    node,
    shareMs === undefined ? '' : milliseconds(shareMs),
    milliseconds(lightP95Ms),
    slackMs === undefined ? '' : milliseconds(slackMs),
    `${Math.round(100 * criticality)} %`,
    usdPer1000Runs === undefined ? '' : usdPer1000Runs.toFixed(4),
  ];
}

/** Light load is drawn full, what is left of a share for load half, and what has no share dotted. */
function drawShares({ nodes, objective: { p95Ms } }: ObjectiveSplit): string[] {
  const ends = new Map<string, number>();
  const bars = nodes.map(({ node, needs, lightP95Ms, shareMs }) => {
    const startMs = Math.max(0, ...needs.map((need) => ends.get(need) ?? 0));
    ends.set(node, startMs + (shareMs ?? lightP95Ms));
    return { node, startMs, lightP95Ms, shareMs };
  });
  const spanMs = Math.max(p95Ms, ...ends.values());
  const column = (ms: number) => Math.round((ms / spanMs) * BAR_COLUMNS);
  const names = Math.max(...nodes.map(({ node }) => node.length));
  const lines = bars.map(({ node, startMs, lightP95Ms, shareMs }) => {
    const from = column(startMs);
    const light = Math.max(1, column(startMs + lightP95Ms) - from);
    const load = shareMs === undefined ? 0 : column(startMs + shareMs) - from - light;
    const bar = (shareMs === undefined ? '·' : '█').repeat(light) + '▒'.repeat(Math.max(0, load));
    return `${node.padEnd(names)}  ${' '.repeat(from)}${bar}`;
  });
  const end = column(p95Ms);
  const scale = `${' '.repeat(names + 2)}0${'objective |'.padStart(Math.max(end, 'objective |'.length))} ${seconds(p95Ms)}`;
  return ['█ light load  ▒ left for load  · no share', ...lines, scale];
}

/** A flowchart whose nodes tell their shares. */
export function splitMermaid({ nodes }: ObjectiveSplit, graph: GraphEdges): string {
  const shares = new Map(nodes.map((node) => [node.node, node]));
  const keys = new Map(graph.nodes.map(({ id }, i) => [id, `n${i}`]));
  const label = (id: string) => {
    const share = shares.get(id);
    if (!share) return id;
    const may = share.shareMs === undefined ? `takes ${milliseconds(share.lightP95Ms)}` : milliseconds(share.shareMs);
    return `${id}<br/><i>${share.component}</i><br/>${may}`;
  };
  return [
    'flowchart LR',
    ...graph.nodes.map(({ id }) => `  ${keys.get(id)}["${label(id)}"]`),
    ...graph.nodes.flatMap(({ id, needs }) => needs.map((need) => `  ${keys.get(need)} --> ${keys.get(id)}`)),
    '',
  ].join('\n');
}

export interface GraphEdges {
  readonly nodes: readonly { readonly id: string; readonly needs: readonly string[] }[];
}

const milliseconds = (ms: number) => `${Math.round(ms)} ms`;
const seconds = (ms: number) => `${Number((ms / 1000).toPrecision(3))} s`;
