import * as fc from 'fast-check';
import { routerOf } from '../../../sim/serving/router';

const random = routerOf('RANDOM');
const leastOutstanding = routerOf('LEAST_OUTSTANDING_REQUESTS');

const copiesWith = (...concurrency: readonly number[]) => concurrency.map((calls) => ({ concurrency: calls }));

test('random routing gives every copy the same share of the keys', () => {
  const keys = 6000;
  for (const copies of [1, 2, 3, 7]) {
    const calls = Array.from({ length: copies }, () => ({ concurrency: 0 }));
    for (let key = 0; key < keys; key++) random(calls, (key + 0.5) / keys).concurrency++;
    for (const { concurrency } of calls) expect(Math.abs(concurrency - keys / copies)).toBeLessThanOrEqual(1);
  }
});

test('random routing looks at the key alone, and stays among the copies up to its ends', () => {
  const [idle, loaded] = [copiesWith(0, 0, 0, 0), copiesWith(0, 1, 2, 3)];
  expect(loaded.indexOf(random(loaded, 0.6))).toBe(idle.indexOf(random(idle, 0.6)));
  expect(random(idle, 2 ** -53)).toBe(idle[0]);
  expect(random(idle, 1 - 2 ** -53)).toBe(idle[3]);
});

test('least outstanding requests is the first copy with the fewest', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5), { minLength: 1, maxLength: 12 }), fc.double(), (concurrency, key) => {
      const copies = copiesWith(...concurrency);
      expect(copies.indexOf(leastOutstanding(copies, key))).toBe(concurrency.indexOf(Math.min(...concurrency)));
    }),
    { numRuns: 50 },
  );
});

describe('prefix-aware routing', () => {
  const long = (key: number) => ({ key, tokens: 300 });
  const route = (concurrencyThreshold: number) => {
    const router = routerOf({ strategy: 'PREFIX_AWARE', prefixLength: 1024, concurrencyThreshold });
    return (copies: readonly { concurrency: number }[], prefix?: { key: number; tokens: number }) =>
      router(copies, 0.5, prefix);
  };

  test('calls of one prefix stay on a copy below its threshold, wherever it stands in the list', () => {
    const to = route(4);
    const [a, b, c] = [{ concurrency: 2 }, { concurrency: 1 }, { concurrency: 0 }];
    expect(to([a, b, c], long(1))).toBe(c);
    c.concurrency = 3;
    expect(to([c, a, b], long(1))).toBe(c);
    expect(to([c, a, b], long(2))).toBe(b);
  });

  test('from the threshold on the copy with most room takes the call, and the prefix stays where it was', () => {
    const to = route(4);
    const [a, b] = [{ concurrency: 0 }, { concurrency: 1 }];
    expect(to([a, b], long(1))).toBe(a);
    a.concurrency = 4;
    expect(to([a, b], long(1))).toBe(b);
    a.concurrency = 3;
    expect(to([a, b], long(1))).toBe(a);
  });

  test('a prefix whose copy is gone finds another', () => {
    const to = route(4);
    const [a, b, c] = [{ concurrency: 0 }, { concurrency: 1 }, { concurrency: 2 }];
    expect(to([a, b, c], long(1))).toBe(a);
    expect(to([b, c], long(1))).toBe(b);
    b.concurrency = 3;
    expect(to([b, c], long(1))).toBe(b);
  });

  test('what is shorter than the start that is looked at, or shared by none, goes where most room is', () => {
    const to = route(4);
    const [a, b] = [{ concurrency: 0 }, { concurrency: 1 }];
    expect(to([a, b], { key: 1, tokens: 255 })).toBe(a);
    a.concurrency = 2;
    expect(to([a, b], { key: 1, tokens: 255 })).toBe(b);
    expect(to([a, b])).toBe(b);
  });
});
