import { calibrateSplit } from '../../../../core/scale/split/calibrate';
import { nodeCriticality } from '../../../../core/scale/split/criticality';
import type { ShapeNode } from '../../../../core/scale/split/graph-shape';
import { drawRequests, endTimesMs, needPositions } from '../../../../core/scale/split/requests';

/** A small generator with a seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const node = (id: string, needs: readonly string[] = []): ShapeNode => ({
  id,
  component: id === 'b2' ? 'b' : id,
  needs: needs.map((name) => ({ node: name, probability: 1 })),
  join: 'all',
  width: 1,
  repeat: 0,
});
const series = [node('a'), node('b', ['a'])];
const even = new Map([
  ['a', 500],
  ['b', 500],
]);

/** Times from 1 to 1000 ms, all alike often. */
const ramp = (id: string) => Array.from({ length: 1000 }, (_, i) => ({ [id]: i + 1 }));

test('stages that peak together leave nothing to gain', () => {
  const together = ramp('a').map(({ a }) => ({ a: a!, b: 3 * a! }));
  const { kappa } = calibrateSplit(series, [together], even, 1000, seeded(1));
  expect(kappa).toBeCloseTo(1, 2);
});

test('stages that do not peak together may each take longer', () => {
  // The P95 of the sum of two uniform times up to 1 is 2 - sqrt(0.1): kappa = 2 * 0.95 / 1.684.
  const { kappa, objectivesMs } = calibrateSplit(series, [ramp('a'), ramp('b')], even, 1000, seeded(1));
  expect(kappa).toBeGreaterThan(1.11);
  expect(kappa).toBeLessThan(1.15);
  expect(objectivesMs.get('a')).toBeCloseTo(500 * kappa, 9);
});

test('the same random numbers give the same split', () => {
  const once = () => calibrateSplit(series, [ramp('a'), ramp('b')], even, 1000, seeded(5));
  expect(once()).toEqual(once());
});

test('nodes without a share keep their time', () => {
  const { kappa } = calibrateSplit(series, [[{ a: 100, b: 300 }]], new Map([['a', 500]]), 1000, seeded(1));
  // a may take 700 ms of which its share is 500.
  expect(kappa).toBeCloseTo(1.4, 3);
  expect(() => calibrateSplit(series, [[{ a: 100, b: 1000 }]], new Map([['a', 500]]), 1000, seeded(1))).toThrow(
    'nodes without a share take 1000 ms at P95, the objective is 1000 ms',
  );
});

test('runs that take no time cannot be calibrated', () => {
  expect(() => calibrateSplit(series, [[{ a: 0 }]], even, 1000, seeded(1))).toThrow(
    'the measured runs take no time in nodes with a share',
  );
});

test('runs are drawn whole, and sources apart from each other', () => {
  const runs = [
    { a: 1, b: 10 },
    { a: 2, b: 20 },
  ];
  const nodes = [...series, node('c')];
  const requests = drawRequests(nodes, [runs, [{ c: 7 }]], seeded(3), 50);
  expect(new Set(requests.map((request) => [...request].join()))).toEqual(new Set(['1,10,7', '2,20,7']));
});

test.each([
  [[[]], 'source 0 holds no measured run'],
  [[[{ z: 1 }]], "a measured run names the unknown node 'z'"],
  [[[{ a: -1 }]], "time of node 'a' must be 0 or more, got: -1"],
])('what is no measurement is refused (%#)', (sources, message) => {
  expect(() => drawRequests(series, sources, seeded(1), 1)).toThrow(message);
});

const diamond = [node('a'), node('b', ['a']), node('c', ['a']), node('d', ['b', 'c'])];

test('a node starts when the last of its needs has ended', () => {
  expect([...endTimesMs(needPositions(diamond), Float64Array.of(10, 20, 50, 5))]).toEqual([10, 30, 60, 65]);
});

test('criticality blames who is late on the critical path, and only in late requests', () => {
  const requests = [
    Float64Array.of(10, 900, 100, 10),
    Float64Array.of(10, 100, 900, 10),
    Float64Array.of(500, 900, 100, 10),
    Float64Array.of(10, 300, 10, 10),
  ];
  const shares = new Map([
    ['a', 100],
    ['b', 250],
    ['c', 250],
    ['d', 100],
  ]);
  const blame = nodeCriticality(diamond, requests, shares, 400);
  expect(Object.fromEntries(blame)).toEqual({ a: 1 / 3, b: 2 / 3, c: 1 / 3, d: 0 });
});

test('without a late request nobody is critical', () => {
  expect(nodeCriticality(series, [Float64Array.of(1, 1)], even, 1000)).toEqual(
    new Map([
      ['a', 0],
      ['b', 0],
    ]),
  );
});

test('a component is to blame as often as any of its nodes', () => {
  const nodes = [node('a'), node('b', ['a']), node('b2', ['b'])];
  const runs = [
    { a: 10, b: 1, b2: 100 },
    { a: 10, b: 100, b2: 1 },
    { a: 10, b: 1, b2: 1 },
  ];
  const shares = new Map([
    ['a', 10],
    ['b', 10],
    ['b2', 10],
  ]);
  const { nodeCriticality: nodeShares, componentCriticality } = calibrateSplit(nodes, [runs], shares, 100, seeded(2));
  expect(componentCriticality.get('b')).toBeGreaterThanOrEqual(nodeShares.get('b2')!);
  expect([...componentCriticality.keys()]).toEqual(['a', 'b']);
});
