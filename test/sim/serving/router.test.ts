import * as fc from 'fast-check';
import { routerOf } from '../../../sim/serving/router';

const random = routerOf('RANDOM');
const leastOutstanding = routerOf('LEAST_OUTSTANDING_REQUESTS');

test('random routing gives every copy the same share of the keys', () => {
  const keys = 6000;
  for (const copies of [1, 2, 3, 7]) {
    const calls: number[] = Array(copies).fill(0);
    for (let key = 0; key < keys; key++) calls[random(copies, () => 0, (key + 0.5) / keys)]!++;
    for (const count of calls) expect(Math.abs(count - keys / copies)).toBeLessThanOrEqual(1);
  }
});

test('random routing looks at the key alone, and stays among the copies up to its ends', () => {
  const loaded = random(4, (at) => at, 0.6);
  expect(loaded).toBe(random(4, () => 0, 0.6));
  expect([random(4, () => 0, 2 ** -53), random(4, () => 0, 1 - 2 ** -53)]).toEqual([0, 3]);
});

test('least outstanding requests is the first copy with the fewest', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5), { minLength: 1, maxLength: 12 }), fc.double(), (concurrency, key) => {
      const picked = leastOutstanding(concurrency.length, (at) => concurrency[at]!, key);
      expect(picked).toBe(concurrency.indexOf(Math.min(...concurrency)));
    }),
    { numRuns: 50 },
  );
});
