import fc from 'fast-check';
import { type CostAndLatency, paretoFront } from '../../../sim/statistics/pareto';

const small = fc.integer({ min: 0, max: 6 });
const points = fc.array(fc.record({ costUsd: small, p95Ms: fc.oneof(small, fc.constant(Infinity)) }), {
  maxLength: 20,
});

const beats = (a: CostAndLatency, b: CostAndLatency) =>
  a.costUsd <= b.costUsd && a.p95Ms <= b.p95Ms && (a.costUsd < b.costUsd || a.p95Ms < b.p95Ms);

test('the front is made of just the finite points that none beats, by rising cost', () => {
  fc.assert(
    fc.property(points, (all) => {
      const front = paretoFront(all);
      const expected = all.filter((point) => point.p95Ms < Infinity && !all.some((other) => beats(other, point)));
      expect(new Set(front)).toEqual(new Set(expected));
      expect(front.length).toBe(expected.length);
      expect(front.map(({ costUsd }) => costUsd)).toEqual(front.map(({ costUsd }) => costUsd).sort((a, b) => a - b));
    }),
  );
});

test('points keep what else they carry', () => {
  const cheap = { cell: 'static@mean', costUsd: 1, p95Ms: 9 };
  const fast = { cell: 'static@peak', costUsd: 3, p95Ms: 2 };
  expect(paretoFront([fast, { cell: 'worse', costUsd: 4, p95Ms: 2 }, cheap])).toEqual([cheap, fast]);
});
