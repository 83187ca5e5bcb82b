import { correctSplit, measureP95 } from '../../core/scale';
import { splitMeasured } from '../../core/scale/measured-split';
import { type LatencyPercentiles, PERCENTILE_GRID, poolLatencies } from '../../core/scale/pooled-latency';
import type { TunedAgent, TunerDeployment } from '../../core/scale/tuner-deployment';
import type { MetricFault, MetricQuery, Series } from './metric-data';
import { orchestratorQuery, PERCENTILE_QUERIES, percentileQueries, percentileSeries, sound } from './percentile-series';

export const HOUR_MS = 3_600_000;
const HOUR_SECONDS = 3600;

/** How far back whole runs and nodes are looked at. */
export const DAY_MS = 24 * HOUR_MS;

/** The objective is corrected once in each. */
const DAY_PART_MS = 6 * HOUR_MS;

/** The objective is split by what as many runs needed: the band of their P95 is six percentile points wide. */
const RUNS_TO_SPLIT = 200;

/** An hour of fewer requests does not tell a P95. */
const REQUESTS_TO_TELL = 60;

/** Until there is a split, it is looked for as often. */
const LOOK_EVERY_MS = 5 * 60_000;

/** How the objective of an agent is split over its components. Plain JSON data. */
export interface AgentSplit {
  readonly lookedAtMs?: number;
  /** What is split: the objective, over which nodes, of which what is tuned. */
  readonly subject?: string;
  /** Factor on all shares. */
  readonly stretch: number;
  /** By component, before the stretch; left out until enough runs have come. */
  readonly components?: Readonly<Record<string, { readonly objectiveMs: number; readonly criticality: number }>>;
}

export const NO_SPLIT: AgentSplit = { stretch: 1 };

/** The split as it is stored, or none if it is of another objective or graph, or if other components are tuned now. */
export function stillSplit(
  stored: AgentSplit,
  agent: TunedAgent,
  components: TunerDeployment['components'],
): AgentSplit {
  return stored.subject === subjectOf(agent, components) ? stored : NO_SPLIT;
}

/** Whether it is time to look at the agent's runs: once in a part of a day, and more often until there is a split. */
export function isSplitDue(
  { lookedAtMs = -Infinity, components: split }: AgentSplit,
  { nodes }: TunedAgent,
  components: TunerDeployment['components'],
  nowMs: number,
): boolean {
  const isNeeded = nodes.some(({ component }) => {
    const tuned = component === undefined ? undefined : components[component];
    return tuned !== undefined && tuned.objectiveMs === undefined;
  });
  if (!isNeeded) return false;
  return split === undefined ? nowMs - lookedAtMs >= LOOK_EVERY_MS : dayPartOf(nowMs) !== dayPartOf(lookedAtMs);
}

/** Whole runs, and times of nodes and their calls, by the hour. */
export function splitQueries(agent: string, { functionName, nodes }: TunedAgent): readonly MetricQuery[] {
  return [
    ...percentileQueries({ agent, functionName }, 'RunLatency', HOUR_SECONDS),
    orchestratorQuery({ agent, functionName }, 'RunErrors', 'Sum', HOUR_SECONDS),
    ...nodes.flatMap(({ id }) =>
      ['NodeLatency', 'CallLatency'].flatMap((metric) =>
        percentileQueries({ agent, functionName, node: id }, metric, HOUR_SECONDS),
      ),
    ),
  ];
}

/**
 * Follows whole runs through a day. Splits the objective once enough of them have come, and in each part of a day
 * stretches or shrinks all shares until runs use the objective. Components that were not called before get a share once
 * they are: it is split anew then.
 *
 * @param series in the order of `splitQueries`
 * @throws MetricFault
 */
export function followRuns(
  before: AgentSplit,
  agent: TunedAgent,
  components: TunerDeployment['components'],
  series: readonly (Series | MetricFault)[],
  nowMs: number,
): AgentSplit {
  const hours = [...percentileSeries(series.slice(0, PERCENTILE_QUERIES)).values()];
  const failed = [...sound(series[PERCENTILE_QUERIES]!).values()].reduce((sum, count) => sum + count, 0);
  const runs = poolLatencies([...hours, ...failures(failed)]);
  const known = before.components;
  const hasAll = known !== undefined && tunedBy(agent, components).every((name) => Object.hasOwn(known, name));
  const found = hasAll ? undefined : splitByNodes(agent, components, series.slice(PERCENTILE_QUERIES + 1), runs.count);
  const looked = { lookedAtMs: nowMs, subject: subjectOf(agent, components) };
  if (found && Object.keys(found).some((name) => !Object.hasOwn(known ?? {}, name))) {
    // One that had no calls for a day keeps its share.
    return { ...looked, stretch: NO_SPLIT.stretch, components: { ...known, ...found } };
  }
  const isCorrected = known !== undefined && runs.count > 0;
  return {
    ...looked,
    stretch: isCorrected ? correctSplit(before.stretch, measureP95(runs), agent.objectiveMs) : before.stretch,
    ...(known && { components: known }),
  };
}

/** Every one that nodes of the agent call, once. */
function tunedBy({ nodes }: TunedAgent, components: TunerDeployment['components']): readonly string[] {
  const called = nodes.flatMap(({ component }) => component ?? []);
  return [...new Set(called)].filter((name) => Object.hasOwn(components, name));
}

function subjectOf(agent: TunedAgent, components: TunerDeployment['components']): string {
  return JSON.stringify([agent.objectiveMs, agent.nodes, tunedBy(agent, components).toSorted()]);
}

function splitByNodes(
  { nodes, objectiveMs }: TunedAgent,
  components: TunerDeployment['components'],
  series: readonly (Series | MetricFault)[],
  runs: number,
): AgentSplit['components'] {
  if (runs < RUNS_TO_SPLIT) return undefined;
  const hoursOf = (at: number) =>
    percentileSeries(series.slice(at * PERCENTILE_QUERIES, (at + 1) * PERCENTILE_QUERIES)).values();
  const times = new Map(nodes.map(({ id }, i) => [id, poolLatencies(calmest([...hoursOf(2 * i)]))]));
  const isTuned = ({ component }: { readonly component?: string }) =>
    component !== undefined && Object.hasOwn(components, component);
  const split = splitMeasured(nodes, times, isTuned, objectiveMs, uniformNumbers());
  if (!split) return undefined;

  const calls = new Map<string, LatencyPercentiles[]>();
  for (const [i, { component }] of nodes.entries()) {
    if (component === undefined || !isTuned({ component })) continue;
    calls.set(component, [...(calls.get(component) ?? []), ...calmest([...hoursOf(2 * i + 1)])]);
  }
  const measured = [...calls].filter(([, parts]) => parts.length > 0);
  return Object.fromEntries(
    measured.map(([component, parts]) => [
      component,
      {
        objectiveMs: split.factor * poolLatencies(parts).percentileMs(95),
        criticality: split.criticality.get(component) ?? 0,
      },
    ]),
  );
}

/** The hour whose P95 was lowest: nearest to light load. All hours if none tells. */
function calmest(hours: readonly LatencyPercentiles[]): readonly LatencyPercentiles[] {
  const p95 = PERCENTILE_GRID.indexOf(95);
  const telling = hours.filter(({ count }) => count >= REQUESTS_TO_TELL);
  if (telling.length === 0) return hours;
  return [telling.reduce((calm, each) => (each.valuesMs[p95]! < calm.valuesMs[p95]! ? each : calm))];
}

/** A run that failed took for ever, whatever it took. */
function failures(count: number): LatencyPercentiles[] {
  return count > 0 ? [{ count, valuesMs: PERCENTILE_GRID.map(() => Number.MAX_VALUE) }] : [];
}

function dayPartOf(nowMs: number): number {
  return Math.floor(nowMs / DAY_PART_MS);
}

/** The same numbers each time: what is decided can be decided again. A linear congruential generator (Numerical Recipes). */
function uniformNumbers(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
