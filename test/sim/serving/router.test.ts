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

describe('prefix-aware routing', () => {
  const long = (key: number) => ({ key, tokens: 300 });
  const route = (concurrencyThreshold: number) => {
    const router = routerOf({ strategy: 'PREFIX_AWARE', prefixLength: 1024, concurrencyThreshold });
    return (copies: readonly { readonly calls: number }[], prefix?: { key: number; tokens: number }) =>
      copies[
        router(
          copies.length,
          (at) => copies[at]!.calls,
          0.5,
          prefix,
          (at) => copies[at]!,
        )
      ]!;
  };

  test('calls of one prefix stay on a copy below its threshold, wherever it stands in the list', () => {
    const to = route(4);
    const [a, b, c] = [{ calls: 2 }, { calls: 1 }, { calls: 0 }];
    expect(to([a, b, c], long(1))).toBe(c);
    c.calls = 3;
    expect(to([c, a, b], long(1))).toBe(c);
    expect(to([c, a, b], long(2))).toBe(b);
  });

  test('from the threshold on the copy with most room takes the call, and the prefix stays where it was', () => {
    const to = route(4);
    const [a, b] = [{ calls: 0 }, { calls: 1 }];
    expect(to([a, b], long(1))).toBe(a);
    a.calls = 4;
    expect(to([a, b], long(1))).toBe(b);
    a.calls = 3;
    expect(to([a, b], long(1))).toBe(a);
  });

  test('a prefix whose copy is gone finds another', () => {
    const to = route(4);
    const [a, b, c] = [{ calls: 0 }, { calls: 1 }, { calls: 2 }];
    expect(to([a, b, c], long(1))).toBe(a);
    expect(to([b, c], long(1))).toBe(b);
    b.calls = 3;
    expect(to([b, c], long(1))).toBe(b);
  });

  test('what is shorter than the start that is looked at, or shared by none, goes where most room is', () => {
    const to = route(4);
    const [a, b] = [{ calls: 0 }, { calls: 1 }];
    expect(to([a, b], { key: 1, tokens: 255 })).toBe(a);
    a.calls = 2;
    expect(to([a, b], { key: 1, tokens: 255 })).toBe(b);
    expect(to([a, b])).toBe(b);
  });
});
