import fc from 'fast-check';
import { outOfOrder } from '../../../../sim/workload/traces/out-of-order';

test.each([
  { what: 'in order', times: [1, 1, 2, 5], outside: [] },
  { what: 'one far ahead', times: [1, 2, 99, 3, 4], outside: [2] },
  { what: 'one far ahead at the start', times: [99, 1, 2, 3], outside: [0] },
  { what: 'one far ahead before the last', times: [1, 2, 99, 3], outside: [2] },
  { what: 'one far behind', times: [5, 6, 0, 7], outside: [2] },
  { what: 'one far behind at the end', times: [5, 6, 0], outside: [2] },
  { what: 'two that contradict each other', times: [1, 3, 2, 4], outside: [1] },
  { what: 'equal times', times: [2, 2, 1, 2], outside: [2] },
  { what: 'nothing', times: [], outside: [] },
])('$what: $outside of $times are left out', ({ times, outside }) => {
  expect(outOfOrder(times)).toEqual(outside);
});

/** By trying every selection. */
function mostThatAscend(times: readonly number[]): number {
  const [first, ...rest] = times;
  if (first === undefined) return 0;
  return Math.max(mostThatAscend(rest), 1 + mostThatAscend(rest.filter((time) => time >= first)));
}

test('what is left ascends, and no fewer could have been left out', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(12), { maxLength: 12 }), (times) => {
      const outside = new Set(outOfOrder(times));
      const left = times.filter((_, at) => !outside.has(at));
      expect(left).toEqual(left.toSorted((a, b) => a - b));
      expect(left).toHaveLength(mostThatAscend(times));
    }),
    { numRuns: 200 },
  );
});
