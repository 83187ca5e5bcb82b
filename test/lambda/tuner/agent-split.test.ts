import { learnLatency, NO_DEMAND, NO_FIT, observeDemand } from '../../../core/scale';
import { type LatencyPercentiles, PERCENTILE_GRID } from '../../../core/scale/pooled-latency';
import type { TunedAgent } from '../../../core/scale/tuner-deployment';
import { HOUR_MS } from '../../../core/time-units';
import {
  type AgentSplit,
  followRuns,
  isSplitDue,
  type LearnedCalls,
  NO_SPLIT,
  splitQueries,
  stillSplit,
} from '../../../lambda/tuner/agent-split';
import { MetricFault, type MetricQuery, type Series } from '../../../lambda/tuner/metric-data';
import { deploymentOf } from './tuned-stack';

const NOW_MS = 480_000 * HOUR_MS;

const { objectiveMs: _, ...shared } = deploymentOf().components.writer!;
const components = { planner: { ...shared, inferenceComponentName: 'planner-ic' }, writer: shared };

const agent: TunedAgent = {
  functionName: 'fn',
  objectiveMs: 6000,
  nodes: [
    { id: 'plan', component: 'planner', needs: [], join: 'all', width: 1, repeat: 0 },
    { id: 'search', component: 'search', needs: [{ node: 'plan', probability: 1 }], join: 'all', width: 1, repeat: 0 },
    { id: 'write', component: 'writer', needs: [{ node: 'search', probability: 1 }], join: 'all', width: 1, repeat: 0 },
  ],
};

/** Latencies spread evenly from half of the P95 on. */
const spread = (count: number, p95Ms: number): LatencyPercentiles => ({
  count,
  valuesMs: PERCENTILE_GRID.map((p) => p95Ms * (0.5 + (0.5 * p) / 95)),
});

/** What the metrics of calls, or of a whole node, are of. */
const placeOf = ({ node = 'run', component }: Readonly<Record<string, string>>) =>
  component === undefined ? node : `${node}:${component}`;

type Hours = Readonly<Record<string, readonly LatencyPercentiles[]>>;

/** Of the last hours before a moment. */
const seriesOf = (hours: Hours, failed = 0, nowMs = NOW_MS, of = agent): Series[] =>
  splitQueries('support', of).map(({ metric, dimensions, statistic }: MetricQuery) => {
    if (metric === 'RunErrors') return new Map(failed > 0 ? [[nowMs - HOUR_MS, failed]] : []);
    const found = hours[placeOf(dimensions)] ?? [];
    return new Map(
      found.map(({ count, valuesMs }, hour) => [
        nowMs - (found.length - hour) * HOUR_MS,
        percentileOf(statistic, count, valuesMs),
      ]),
    );
  });

function percentileOf(statistic: string, count: number, valuesMs: readonly number[]): number {
  if (statistic === 'SampleCount') return count;
  if (statistic === 'Minimum') return valuesMs[0]!;
  if (statistic === 'Maximum') return valuesMs.at(-1)!;
  return valuesMs[PERCENTILE_GRID.indexOf(Number(statistic.slice(1)))]!;
}

const CALM: Hours = {
  run: [spread(500, 3000)],
  plan: [spread(500, 500)],
  search: [spread(500, 1000)],
  write: [spread(500, 1500)],
};

interface Look {
  readonly failed?: number;
  readonly learned?: ReadonlyMap<string, LearnedCalls>;
  /** Since the last look. @default - the first day of a split is over */
  readonly afterMs?: number;
}

const follow = (
  hours: Hours,
  before: AgentSplit = NO_SPLIT,
  { failed = 0, learned = NOTHING, afterMs = 24 * HOUR_MS }: Look = {},
) => {
  const nowMs = before.lookedAtMs === undefined ? NOW_MS : before.lookedAtMs + afterMs;
  return followRuns(before, agent, components, learned, seriesOf(hours, failed, nowMs), nowMs);
};

const NOTHING: ReadonlyMap<string, LearnedCalls> = new Map();

/** P95 of an idle copy, and of one at work on ten calls; of a hundred concurrent calls. */
const learnedOf = (idleMs: number, busyMs: number): LearnedCalls => ({
  fit: Array.from({ length: 40 }, (_, i) => 1 + (i % 10)).reduce(
    (fit, c) => learnLatency(fit, c, idleMs + ((busyMs - idleMs) * c) / 10),
    NO_FIT,
  ),
  demand: [0, 1].reduce((history, hour) => observeDemand(history, 100, hour * HOUR_MS), NO_DEMAND),
  meanServiceSeconds: idleMs / 1000,
});

test('the objective is split in proportion to what components take, and what is not tuned keeps its time', () => {
  const { components: split } = follow(CALM);
  const { planner, writer } = split!;
  expect(writer!.objectiveMs / planner!.objectiveMs).toBeCloseTo(3, 1);
  const sum = planner!.objectiveMs + writer!.objectiveMs;
  // P95s of parts may add up to more than what is left for them: parts do not peak together.
  expect(sum).toBeGreaterThan(6000 - 1000);
  expect(sum).toBeLessThan(6000);
  expect(writer!.criticality).toBeGreaterThan(planner!.criticality);
});

test('a busy hour does not earn a larger share', () => {
  const busy = { ...CALM, write: [spread(500, 1500), spread(900, 9000)] };
  expect(follow(busy).components).toEqual(follow(CALM).components);
});

test('without enough runs there is no split', () => {
  expect(follow({ ...CALM, run: [spread(100, 3000)] }).components).toBeUndefined();
});

test('without a component that could be faster there is no split', () => {
  expect(follow({ run: CALM.run!, search: CALM.search! }).components).toBeUndefined();
  expect(follow({ ...CALM, search: [spread(500, 9000)] }).components).toBeUndefined();
});

test('shares are stretched while runs leave the objective unused, and shrunk when they breach it', () => {
  const split = follow(CALM);
  expect(split.stretch).toBe(1);
  const stretched = follow(CALM, split);
  expect(stretched.stretch).toBeGreaterThan(1);
  expect(stretched.components).toEqual(split.components);
  expect(follow({ ...CALM, run: [spread(500, 9000)] }, stretched).stretch).toBeLessThan(stretched.stretch);
});

test('runs that failed are no fast runs', () => {
  const split = follow(CALM);
  expect(follow(CALM, { ...split, stretch: 1.2 }, { failed: 100 }).stretch).toBeLessThan(1.2);
});

test('in its first day a split is stretched every three hours, by the runs that came since it last was', () => {
  const split = follow(CALM);
  // Of the day before they had no shares.
  expect(follow(CALM, split, { afterMs: HOUR_MS / 2 }).stretch).toBe(1);
  const first = follow(CALM, split, { afterMs: HOUR_MS });
  expect(first.stretch).toBeGreaterThan(1);
  const slowBefore = { ...CALM, run: [spread(500, 9000), spread(500, 3000)] };
  const second = follow(slowBefore, first, { afterMs: HOUR_MS });
  expect(second.stretch).toBeGreaterThan(first.stretch);
  // In a quarter of a day, and no sooner.
  expect(second.components).toEqual(split.components);
  expect(follow(slowBefore, second).stretch).toBeLessThan(second.stretch);
});

test('it is due every five minutes until there is a split, every three hours of its first day, then every six', () => {
  const due = (split: AgentSplit, nowMs: number) => isSplitDue(split, agent, components, nowMs);
  expect(due(NO_SPLIT, NOW_MS)).toBe(true);
  expect(due({ stretch: 1, lookedAtMs: NOW_MS }, NOW_MS + 4 * 60_000)).toBe(false);
  expect(due({ stretch: 1, lookedAtMs: NOW_MS }, NOW_MS + 5 * 60_000)).toBe(true);
  const split = follow(CALM);
  expect(due(split, NOW_MS + 2 * HOUR_MS)).toBe(false);
  expect(due(split, NOW_MS + 3 * HOUR_MS)).toBe(true);
  const old = { ...split, lookedAtMs: NOW_MS + 24 * HOUR_MS };
  expect(due(old, NOW_MS + 29 * HOUR_MS)).toBe(false);
  expect(due(old, NOW_MS + 30 * HOUR_MS)).toBe(true);
});

test('a split stands while the objective, the graph and what is tuned are those that were split', () => {
  const split = follow(CALM);
  expect(stillSplit(JSON.parse(JSON.stringify(split)), agent, components)).toEqual(split);
  const { planner } = components;
  const changes: [TunedAgent, typeof components | { planner: typeof planner }][] = [
    [{ ...agent, objectiveMs: 3000 }, components],
    [{ ...agent, nodes: agent.nodes.slice(0, 2) }, components],
    [agent, { planner }],
  ];
  for (const [changed, tuned] of changes) expect(stillSplit(split, changed, tuned)).toBe(NO_SPLIT);
});

test('a component whose calls come later gets its share at the next look', () => {
  const { write: _, ...early } = CALM;
  const split = follow(early);
  expect(Object.keys(split.components!)).toEqual(['planner']);
  const next = follow(CALM, split);
  expect(next.components).toEqual(follow(CALM).components);
  expect(next.stretch).toBe(1);

  const { plan: __, ...late } = CALM;
  expect(follow(late, split).components).toMatchObject({
    planner: split.components!.planner,
    writer: expect.anything(),
  });
});

const learned = new Map([
  ['planner', learnedOf(400, 600)],
  ['writer', learnedOf(1200, 9000)],
]);

test('once fits tell what load adds, shares move toward those with which copies cost least', () => {
  const split = follow(CALM);
  const first = follow(CALM, split, { learned });
  expect(first.components!.planner!.objectiveMs).toBeLessThan(split.components!.planner!.objectiveMs);
  expect(first.components!.writer!.objectiveMs).toBeGreaterThan(split.components!.writer!.objectiveMs);
  expect(first.components!.writer).toMatchObject({
    basis: 'cost',
    proportionalMs: split.components!.writer!.objectiveMs,
  });
  expect(first.cost!.usdPerHour).toBeLessThan(first.cost!.proportionalUsdPerHour!);
});

test('what has an objective of its own keeps its share', () => {
  const own = { ...components, planner: { ...components.planner, objectiveMs: 500 } };
  const split = followRuns(NO_SPLIT, agent, own, learned, seriesOf(CALM), NOW_MS);
  const nextMs = NOW_MS + 24 * HOUR_MS;
  const next = followRuns(split, agent, own, learned, seriesOf(CALM, 0, nextMs), nextMs);
  expect(next.components).toEqual(split.components);
});

test('a day of too few runs moves nothing', () => {
  const moved = follow(CALM, follow(CALM), { learned });
  expect(follow({ ...CALM, run: [spread(100, 3000)] }, moved, { learned })).toMatchObject({
    components: moved.components,
    cost: moved.cost,
  });
});

test('a split that was stored without a basis is proportional', () => {
  const split = follow(CALM);
  const stored = {
    ...split,
    components: Object.fromEntries(
      Object.entries(split.components!).map(([name, { objectiveMs, criticality }]) => [
        name,
        { objectiveMs, criticality },
      ]),
    ),
  };
  expect(stillSplit(JSON.parse(JSON.stringify(stored)), agent, components)).toEqual(split);
});

test('it is never due where every component has an objective of its own', () => {
  const own = { planner: { ...components.planner, objectiveMs: 500 }, writer: { ...shared, objectiveMs: 500 } };
  expect(isSplitDue(NO_SPLIT, agent, own, NOW_MS)).toBe(false);
});

test('what could not be read is a fault, and no split', () => {
  const series = seriesOf(CALM).map((each, i) => (i === 0 ? new MetricFault('RunLatency could not be read') : each));
  expect(() => followRuns(NO_SPLIT, agent, components, NOTHING, series, NOW_MS)).toThrow(
    'RunLatency could not be read',
  );
});

describe('of a plan', () => {
  const part = (calls: string, component: string, needs: string) => ({
    id: `research:${calls}`,
    component,
    needs: [{ node: needs, probability: 1 }],
    join: 'all' as const,
    width: 1,
    repeat: 0,
    part: { plan: 'research', calls },
  });
  const planned: TunedAgent = {
    ...agent,
    nodes: [
      { id: 'research', needs: [], join: 'all', width: 1, repeat: 0 },
      part('planner', 'planner', 'research'),
      part('search', 'search', 'research:planner'),
      part('poet', 'writer', 'research:search'),
    ],
  };
  const split = (hours: Hours, before = NO_SPLIT) =>
    followRuns(before, planned, components, NOTHING, seriesOf(hours, 0, NOW_MS, planned), NOW_MS);

  /** A planner of half a second, two searches of a fifth of one, and a poet who takes half of all the time. */
  const CALLS: Hours = {
    run: [spread(500, 2000)],
    research: [spread(500, 2000)],
    'research:planner': [spread(500, 500)],
    'research:search': [spread(1000, 200)],
    'research:poet': [spread(100, 4500)],
  };

  test('planner and tools have shares in proportion to what one call takes', () => {
    const { planner, writer, search } = split(CALLS).components!;
    expect(search).toBeUndefined();
    expect(writer!.objectiveMs / planner!.objectiveMs).toBeCloseTo(9, 5);
    // Calls of 250, 200 and 225 seconds in 500 runs: all but the searches may grow until runs take 6 s.
    const fixedMs = (2000 * (1000 * 200)) / (500 * 500 + 1000 * 200 + 100 * 4500);
    expect(planner!.objectiveMs / 500).toBeCloseTo((6000 - fixedMs) / (2000 - fixedMs), 1);
    expect(writer!.criticality).toBeGreaterThan(0);
  });

  test('shares of its time are those of all calls of a day, as they are when they are calm', () => {
    const cold = { ...CALLS, 'research:search': [spread(500, 200), spread(500, 60_000)] };
    expect(split(cold).components).toEqual(split(CALLS).components);
  });

  test('the few calls that are told first, after an update of the function, decide no shares', () => {
    const first = { 'research:planner': [spread(3, 500)], 'research:search': [spread(3, 200)] };
    const begun = split({ ...CALLS, ...first, 'research:poet': [spread(1, 1200)] });
    expect(begun.components).toBeUndefined();
    expect(split(CALLS, begun).components).toEqual(split(CALLS).components);
  });

  test('its time is not forgotten while nothing is known of its calls', () => {
    const { research: _, 'research:planner': __, ...others } = CALLS;
    const nodes = [...planned.nodes, { ...agent.nodes[2]!, needs: [{ node: 'research:poet', probability: 1 }] }];
    const withNode = { ...planned, nodes };
    const hours = { run: CALLS.run!, research: CALLS.research!, write: [spread(500, 1000)] };
    const found = (known: Hours) =>
      followRuns(NO_SPLIT, withNode, components, NOTHING, seriesOf(known, 0, NOW_MS, withNode), NOW_MS).components!;
    expect(Object.keys(found(hours))).toEqual(['writer']);
    expect(found(hours).writer!.objectiveMs).toBeLessThan(5000);
    expect(found({ ...others, write: hours.write }).writer!.objectiveMs).toBeGreaterThan(5000);
  });
});
