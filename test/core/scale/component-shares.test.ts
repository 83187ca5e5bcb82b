import fc from 'fast-check';
import {
  type ComponentShares,
  LARGEST_MOVE,
  moveShares,
  proportionalShares,
  stepToward,
} from '../../../core/scale/component-shares';
import { type CostCurve, usdPerHourAt } from '../../../core/scale/cost-curve';
import { measuredSources } from '../../../core/scale/measured-split';
import { quantile } from '../../../core/scale/numbers';
import { PERCENTILE_GRID, poolLatencies } from '../../../core/scale/pooled-latency';
import { drawRequests, endTimesMs, lastEndMs, needPositions } from '../../../core/scale/split/requests';
import type { ShareMap } from '../../../core/scale/split/share-trials';
import { type MeasuredAgent, SplitTrials } from '../../../core/scale/split-goal';

const AIM = 0.85;

/** Equidistributed, and the same each time. */
function uniformNumbers(begin = 0): () => number {
  let at = begin;
  return () => (at = (at + 0.618_033_988_7) % 1);
}

/** A node with latencies spread evenly from half of the P95 on. */
const spread = (p95Ms: number, reach = 1) => ({
  latency: poolLatencies([{ count: 100, valuesMs: PERCENTILE_GRID.map((p) => p95Ms * (0.5 + (0.5 * p) / 95)) }]),
  reach,
});

const node = (id: string, needs: readonly string[]) => ({
  id,
  component: id,
  needs: needs.map((name) => ({ node: name, probability: 1 })),
  join: 'all' as const,
  width: 1,
  repeat: 0,
});

const SHAPES = {
  series: [node('a', []), node('b', ['a']), node('c', ['b'])],
  fork: [node('a', []), node('b', ['a']), node('c', ['a']), node('d', ['b', 'c'])],
  parallel: [node('a', []), node('b', [])],
};
type Shape = keyof typeof SHAPES;

/** What each node takes at light load, at P95; the first of them costs by the factor what each other does. */
interface Case {
  readonly shape: Shape;
  readonly p95Ms: readonly number[];
  readonly usd: readonly number[];
  readonly objectiveMs: number;
}

const agentOf = ({ shape, p95Ms, objectiveMs }: Case): MeasuredAgent => ({
  nodes: SHAPES[shape],
  measured: new Map(SHAPES[shape].map(({ id }, i) => [id, spread(p95Ms[i]!)])),
  callP95Ms: new Map(SHAPES[shape].map(({ id }, i) => [id, p95Ms[i]!])),
  objectiveMs,
});

/** An idle copy takes what a calm call does; nothing bounds targets. */
const curvesOf = ({ shape, p95Ms, usd }: Case): ReadonlyMap<string, CostCurve> =>
  new Map(
    SHAPES[shape].map(({ id }, i) => {
      const idleP95Ms = 0.9 * p95Ms[i]!;
      return [id, { idleP95Ms, packedUsdPerHour: usd[i]!, shortestP95Ms: 1.01 * idleP95Ms, longestP95Ms: 1e9 }];
    }),
  );

const goalOf = (which: Case, curves: ReadonlyMap<string, CostCurve> = curvesOf(which)) =>
  new SplitTrials(agentOf(which), uniformNumbers()).goal(
    agentOf(which).callP95Ms,
    agentOf(which).callP95Ms,
    curves,
    AIM,
  )!;

function proportional(which: Case): ComponentShares {
  const { shares } = goalOf(which, new Map());
  return sharesOf(shares, shares);
}

function sharesOf(objectives: ShareMap, proportionalMs: ShareMap, known: ComponentShares = {}): ComponentShares {
  return Object.fromEntries(
    [...objectives].map(([name, objectiveMs]) => {
      const criticality = known[name]?.criticality ?? 0.5;
      return [name, { objectiveMs, proportionalMs: proportionalMs.get(name)!, criticality, basis: 'proportional' }];
    }),
  );
}

const move = (shares: ComponentShares, which: Case, curves: ReadonlyMap<string, CostCurve> = curvesOf(which)) =>
  moveShares(shares, agentOf(which), curves, AIM, uniformNumbers());

/** P95 of whole runs that were drawn by themselves, if each component takes its share. */
function p95OfRuns({ nodes, measured, callP95Ms }: MeasuredAgent, shares: ShareMap): number {
  const needs = needPositions(nodes);
  const drawn = drawRequests(nodes, measuredSources(nodes, measured), uniformNumbers(0.3), 5000);
  const factors = nodes.map(({ id }) => shares.get(id)! / callP95Ms.get(id)!);
  const timesMs = drawn.map((request) => request.map((ms, i) => factors[i]! * ms));
  return quantile(
    timesMs.map((request) => lastEndMs(endTimesMs(needs, request))),
    0.95,
  );
}

const costOf = (curves: ReadonlyMap<string, CostCurve>, shares: ShareMap) =>
  [...curves].reduce((sum, [name, curve]) => sum + usdPerHourAt(curve, AIM * shares.get(name)!), 0);

const cases: fc.Arbitrary<Case> = fc
  .record({
    shape: fc.constantFrom<Shape>('series', 'fork', 'parallel'),
    p95Ms: fc.array(fc.integer({ min: 300, max: 3000 }), { minLength: 4, maxLength: 4 }),
    usd: fc.array(fc.double({ min: 0.5, max: 40, noNaN: true }), { minLength: 4, maxLength: 4 }),
    factor: fc.double({ min: 2, max: 5, noNaN: true }),
  })
  .map(({ factor, ...rest }) => {
    const lightMs = SHAPES[rest.shape].reduce((sum, _, i) => sum + rest.p95Ms[i]!, 0);
    return { ...rest, objectiveMs: factor * lightMs };
  });

const FEW = { numRuns: 8 };

const CHAIN: Case = { shape: 'series', p95Ms: [1000, 1000, 1000], usd: [1, 1, 32], objectiveMs: 7500 };
const chain = goalOf(CHAIN);

test('of stages in series the dear one gets more time, by the square root of what it costs', () => {
  const load = (name: string) => chain.shares.get(name)! - 900 / AIM;
  expect(load('c') / load('a')).toBeGreaterThan(0.8 * Math.sqrt(32));
  expect(load('c') / load('a')).toBeLessThan(1.2 * Math.sqrt(32));
  expect(load('b') / load('a')).toBeGreaterThan(0.8);
  expect(load('b') / load('a')).toBeLessThan(1.2);
  expect(chain.cost!.usdPerHour).toBeLessThan(0.9 * chain.cost!.proportionalUsdPerHour!);
});

test('of branches side by side the faster one may take about as long as the slower one', () => {
  const { shares } = goalOf({ shape: 'parallel', p95Ms: [1000, 400], usd: [1, 4], objectiveMs: 3000 });
  expect(shares.get('b')! / shares.get('a')!).toBeGreaterThan(0.85);
  expect(shares.get('b')! / shares.get('a')!).toBeLessThan(1.2);
});

test('where a goal saves nothing shares are proportional', () => {
  const even = goalOf({ ...CHAIN, usd: [1, 1, 1] });
  expect(even.cost).toBeUndefined();
  expect(even.shares.get('c')! / even.shares.get('a')!).toBeCloseTo(1, 9);
});

test('shares that cost hardly more than the cheapest stay', () => {
  const near = new Map([...chain.shares].map(([name, ms]) => [name, name === 'a' ? 1.05 * ms : ms]));
  const { shares, cost } = new SplitTrials(agentOf(CHAIN), uniformNumbers()).goal(
    near,
    agentOf(CHAIN).callP95Ms,
    curvesOf(CHAIN),
    AIM,
  )!;
  expect(shares.get('a')! / shares.get('b')!).toBeCloseTo(near.get('a')! / near.get('b')!, 9);
  expect(cost!.usdPerHour).toBeLessThan(1.02 * chain.cost!.usdPerHour);
});

test('goals meet the objective, and so does what lies on the way there', () => {
  fc.assert(
    fc.property(cases, fc.double({ min: 0, max: 1, noNaN: true }), (which, part) => {
      const agent = agentOf(which);
      const from = goalOf(which, new Map()).shares;
      const { shares } = goalOf(which);
      const between = new Map([...shares].map(([name, ms]) => [name, from.get(name)! ** (1 - part) * ms ** part]));
      expect(p95OfRuns(agent, shares)).toBeLessThan(1.02 * which.objectiveMs);
      expect(p95OfRuns(agent, shares)).toBeGreaterThan(0.98 * which.objectiveMs);
      expect(p95OfRuns(agent, between)).toBeLessThan(1.02 * which.objectiveMs);
    }),
    FEW,
  );
});

test('a goal never costs more than proportional shares', () => {
  fc.assert(
    fc.property(cases, (which) => {
      const curves = curvesOf(which);
      const { shares, cost } = goalOf(which);
      const proportionalUsd = costOf(curves, goalOf(which, new Map()).shares);
      expect(costOf(curves, shares)).toBeLessThanOrEqual(proportionalUsd * (1 + 1e-9));
      if (cost) expect(cost.usdPerHour).toBeLessThan(0.98 * proportionalUsd);
    }),
    FEW,
  );
});

test('a looser objective never costs more', () => {
  fc.assert(
    fc.property(cases, fc.double({ min: 1.02, max: 2, noNaN: true }), (which, looser) => {
      const curves = curvesOf(which);
      const strict = goalOf(which).shares;
      const loose = goalOf({ ...which, objectiveMs: looser * which.objectiveMs }).shares;
      expect(costOf(curves, loose)).toBeLessThanOrEqual(1.02 * costOf(curves, strict));
    }),
    FEW,
  );
});

describe('the first shares', () => {
  test('are in proportion to what calm calls take, and use the objective', () => {
    const shares = proportionalShares(agentOf({ ...CHAIN, p95Ms: [1000, 500, 2000] }), uniformNumbers())!;
    const objectives = new Map(Object.entries(shares).map(([name, { objectiveMs }]) => [name, objectiveMs]));
    expect(objectives.get('a')! / objectives.get('b')!).toBeCloseTo(2, 9);
    expect(objectives.get('c')! / objectives.get('b')!).toBeCloseTo(4, 9);
    const agent = agentOf({ ...CHAIN, p95Ms: [1000, 500, 2000] });
    expect(p95OfRuns(agent, objectives)).toBeGreaterThan(0.97 * CHAIN.objectiveMs);
    expect(p95OfRuns(agent, objectives)).toBeLessThan(1.03 * CHAIN.objectiveMs);
    expect(shares).toEqual(sharesOf(objectives, objectives, shares));
    expect(shares.c!.criticality).toBeGreaterThan(shares.b!.criticality);
  });

  test('of an agent whose other nodes miss the objective by themselves are none', () => {
    const agent = agentOf(CHAIN);
    const callP95Ms = new Map([['b', 1000]]);
    expect(proportionalShares({ ...agent, callP95Ms, objectiveMs: 900 }, uniformNumbers())).toBeUndefined();
    expect(proportionalShares({ ...agent, callP95Ms }, uniformNumbers())).toMatchObject({ b: {} });
  });
});

test('a component that is called first after the split has no share yet, and does not disturb the others', () => {
  const shares = proportional(CHAIN);
  const { c: _, ...known } = shares;
  expect(Object.keys(move(known, CHAIN).shares)).toEqual(['a', 'b']);
});

test('shares that are nearly where they should be rest', () => {
  const at = (factor: number) => new Map([['a', 1000 * factor]]);
  const shares = sharesOf(at(1), at(1));
  expect(stepToward(shares, at(1.019)).get('a')).toBe(1000);
  expect(stepToward(shares, at(1.1)).get('a')).toBeCloseTo(1000 * Math.sqrt(1.1), 6);
  expect(stepToward(shares, at(2)).get('a')).toBeCloseTo(1100, 6);
});

test('whatever the goal, no share moves by more than a tenth at a time, and none away from it', () => {
  const ms = fc.double({ min: 1, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(ms, ms), { minLength: 1, maxLength: 5 }), (pairs) => {
      const from = new Map(pairs.map(([a], i) => [`s${i}`, a]));
      const goal = new Map(pairs.map(([, b], i) => [`s${i}`, b]));
      for (const [name, next] of stepToward(sharesOf(from, from), goal)) {
        const moved = next / from.get(name)!;
        expect(Math.max(moved, 1 / moved)).toBeLessThan(LARGEST_MOVE * (1 + 1e-9));
        expect(Math.abs(Math.log(goal.get(name)! / next))).toBeLessThanOrEqual(
          Math.abs(Math.log(goal.get(name)! / from.get(name)!)) + 1e-9,
        );
      }
    }),
  );
});

test('noise of the fits moves shares a tenth at most, and on average they stay where the fits are right', () => {
  let shares = sharesOf(chain.shares, goalOf(CHAIN, new Map()).shares);
  const seen: number[] = [];
  for (const factor of [4, 0.25, 4, 0.25, 4, 0.25]) {
    const next = move(shares, { ...CHAIN, usd: [1, 1, 32 * factor] }).shares;
    for (const [name, { objectiveMs }] of Object.entries(next)) {
      expect(Math.abs(Math.log(objectiveMs / shares[name]!.objectiveMs))).toBeLessThan(Math.log(LARGEST_MOVE) + 1e-9);
    }
    shares = next;
    seen.push(shares.c!.objectiveMs / chain.shares.get('c')!);
  }
  expect(Math.min(...seen)).toBeGreaterThan(0.9);
  expect(Math.max(...seen)).toBeLessThan(1.1);
});

test('a step tells its basis, what copies will cost, and who makes late runs late', () => {
  const { shares, cost } = move(sharesOf(chain.shares, goalOf(CHAIN, new Map()).shares), CHAIN);
  expect(Object.values(shares).map(({ basis }) => basis)).toEqual(['cost', 'cost', 'cost']);
  expect(cost).toEqual(chain.cost);
  expect(shares.c!.criticality).toBeGreaterThan(shares.a!.criticality);
});

test('without two trusted fits a split that is proportional stays as it is', () => {
  const shares = proportional(CHAIN);
  expect(move(shares, CHAIN, new Map())).toEqual({ shares });
  expect(move(shares, CHAIN, new Map([...curvesOf(CHAIN)].slice(0, 1)))).toEqual({ shares });
});

test('a component whose fit is not trusted any more goes back to where it began, and the others take what it leaves', () => {
  const began = goalOf(CHAIN, new Map()).shares;
  const rest = new Map([...curvesOf(CHAIN)].filter(([name]) => name !== 'c'));
  expect(goalOf(CHAIN, rest).shares.get('c')).toBeCloseTo(began.get('c')!, 6);
  const { shares } = move(sharesOf(chain.shares, began), CHAIN, rest);
  expect(shares.c!.basis).toBe('proportional');
  expect(shares.c!.objectiveMs).toBeLessThan(0.95 * chain.shares.get('c')!);
  expect(shares.a!.objectiveMs).toBeGreaterThan(chain.shares.get('a')!);
});

test('what a share is bounded by is left to the others', () => {
  const dearFirst = { ...CHAIN, usd: [30, 30, 3] };
  const curves = new Map(curvesOf(dearFirst));
  curves.set('c', { ...curves.get('c')!, longestP95Ms: 1500 });
  const bounded = goalOf(dearFirst, curves).shares;
  expect(bounded.get('c')).toBeCloseTo(1500 / AIM, 6);
  expect(bounded.get('a')!).toBeGreaterThan(1.08 * goalOf(CHAIN, new Map()).shares.get('a')!);
});

test('an objective that proportional shares cannot meet with any copies may be met by others', () => {
  const curves = new Map(curvesOf(CHAIN));
  for (const name of ['a', 'b']) curves.set(name, { ...curves.get(name)!, idleP95Ms: 500, shortestP95Ms: 510 });
  curves.set('c', { ...curves.get('c')!, idleP95Ms: 1300, shortestP95Ms: 1310 });
  const { cost } = goalOf({ ...CHAIN, objectiveMs: 3700 }, curves);
  expect(cost!.proportionalUsdPerHour).toBeNull();
  expect(cost!.usdPerHour).toBeLessThan(Infinity);
});

test('an objective that no copies meet keeps its proportional split', () => {
  const hopeless = { ...CHAIN, objectiveMs: 2500 };
  const { shares, cost } = move(proportional(hopeless), hopeless);
  expect(cost).toBeUndefined();
  for (const { objectiveMs, proportionalMs } of Object.values(shares)) expect(objectiveMs).toBe(proportionalMs);
});

test('one that was not called for a day keeps its share', () => {
  const agent = agentOf(CHAIN);
  const shares = proportional(CHAIN);
  const without = <V>(map: ReadonlyMap<string, V>) => new Map([...map].filter(([name]) => name !== 'a'));
  const quiet = { ...agent, measured: without(agent.measured), callP95Ms: without(agent.callP95Ms) };
  const moved = moveShares(shares, quiet, curvesOf(CHAIN), AIM, uniformNumbers());
  expect(moved.shares.a).toEqual(shares.a);
  expect(moved.shares.c!.objectiveMs).toBeGreaterThan(shares.c!.objectiveMs);
});
