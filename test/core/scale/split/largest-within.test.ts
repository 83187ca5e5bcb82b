import fc from 'fast-check';
import type { ShapeNode } from '../../../../core/scale/split/graph-shape';
import { largestWithin } from '../../../../core/scale/split/largest-within';
import { requestTotal } from '../../../../core/scale/split/requests';

const node = (id: string, needs: readonly string[]): ShapeNode => ({
  id,
  needs: needs.map((name) => ({ node: name, probability: 1 })),
  join: 'all',
  width: 1,
  repeat: 0,
});

/** Two branches that meet; the first node keeps its time, whatever the factor. */
const NODES = [node('fixed', []), node('a', ['fixed']), node('b', ['fixed']), node('end', ['a', 'b'])];
const factorsAt = (factor: number) => [1, factor, factor, factor];

const time = fc.double({ min: 0, max: 50, noNaN: true });
const requests = fc.array(
  fc.tuple(time, time, time, time).map((times) => Float64Array.from(times)),
  { minLength: 1, maxLength: 60 },
);

test('up to the largest factor, and not beyond it, 95 % of all requests meet the objective', () => {
  const totalMs = requestTotal(NODES);
  fc.assert(
    fc.property(requests, fc.double({ min: 1, max: 400, noNaN: true }), (drawn, objectiveMs) => {
      const isWithin = (factor: number) => {
        const inTime = drawn.filter((request) => totalMs(request, factorsAt(factor)) < objectiveMs);
        return inTime.length >= 0.95 * drawn.length;
      };
      const found = largestWithin(NODES, drawn, objectiveMs, factorsAt);
      if (found === undefined) {
        expect(isWithin(0)).toBe(false);
      } else {
        expect(isWithin(Math.min(found, 1024))).toBe(true);
        expect(found === Infinity || !isWithin(found * 1.0002 + 1e-9)).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

test.each([0.3, 1, 700])('a request that takes the objective at %d is within up to there', (factor) => {
  const found = largestWithin([node('a', [])], [Float64Array.of(100 / factor)], 100, (each) => [each]);
  expect(found! / factor).toBeCloseTo(1, 3);
});

test('where no factor within reason is too large, there is no largest', () => {
  expect(largestWithin([node('a', [])], [Float64Array.of(1e-6)], 100, (factor) => [factor])).toBe(Infinity);
});

test('what does not meet the objective at 0 meets it at no factor', () => {
  expect(largestWithin([node('a', [])], [Float64Array.of(100)], 100, () => [1])).toBeUndefined();
});
