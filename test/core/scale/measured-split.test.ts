import { splitMeasured } from '../../../core/scale/measured-split';
import { PERCENTILE_GRID, poolLatencies } from '../../../core/scale/pooled-latency';

/** A node with latencies spread evenly from half of the P95 on. */
const spread = (p95Ms: number, reach = 1) => ({
  latency: poolLatencies([{ count: 100, valuesMs: PERCENTILE_GRID.map((p) => p95Ms * (0.5 + (0.5 * p) / 95)) }]),
  reach,
});

const chain = ['plan', 'search', 'write'].map((id, i, ids) => ({
  id,
  component: id,
  needs: i === 0 ? [] : [{ node: ids[i - 1]!, probability: 1 }],
  join: 'all' as const,
  width: 1,
  repeat: 0,
}));

const times = new Map([
  ['plan', spread(500)],
  ['search', spread(1000)],
  ['write', spread(1500)],
]);

function uniformNumbers(): () => number {
  let at = 0;
  return () => (at = (at + 0.618_033_988_7) % 1);
}

const split = (objectiveMs: number, some = times) =>
  splitMeasured(chain, some, ({ id }) => id !== 'search', objectiveMs, uniformNumbers());

test('a looser objective lets times grow further', () => {
  const strict = split(3000)!.factor;
  const loose = split(6000)!.factor;
  expect(strict).toBeLessThan(loose);
  // 500 and 1500 ms may fill what 1000 ms leave, and a little more, as they do not peak together.
  expect(loose).toBeGreaterThan(5000 / 2000);
  expect(loose).toBeLessThan((1.3 * 5000) / 2000);
});

test('the component that takes most of the time is to blame most often', () => {
  const { criticality } = split(3000)!;
  expect(criticality.get('write')!).toBeGreaterThan(criticality.get('plan')!);
});

test('an objective that the other nodes miss by themselves is not split', () => {
  expect(split(900)).toBeUndefined();
});

test('without a measured node that could be faster nothing is split', () => {
  expect(split(3000, new Map([['search', spread(1000)]]))).toBeUndefined();
  expect(split(3000, new Map())).toBeUndefined();
});

test('a node that few runs come to leaves the others more time', () => {
  const seldom = split(6000, new Map([...times, ['plan', spread(500, 0.02)]]))!.factor;
  expect(seldom).toBeGreaterThan(1.1 * split(6000)!.factor);
  expect(seldom).toBeLessThan((1.3 * 5000) / 1500);
});
