import fc from 'fast-check';
import { betaProbability, betaQuantile } from '../../../core/warm/beta';

const shape = fc.double({ min: 0.5, max: 500, noNaN: true });
const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });

test('a quantile is where the distribution reaches its share', () => {
  fc.assert(
    fc.property(share, shape, shape, (p, a, b) => {
      expect(betaProbability(betaQuantile(p, a, b), a, b)).toBeCloseTo(p, 6);
    }),
  );
});

test('the distribution is the binomial tail for whole numbers', () => {
  fc.assert(
    fc.property(share, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }), (x, a, b) => {
      const trials = a + b - 1;
      let tail = 0;
      for (let hits = a; hits <= trials; hits++) tail += choose(trials, hits) * x ** hits * (1 - x) ** (trials - hits);
      expect(betaProbability(x, a, b)).toBeCloseTo(tail, 9);
    }),
  );
});

test.each([
  { p: 0.3, a: 1, b: 1, x: 0.3 },
  { p: 0.3, a: 1, b: 11, x: 1 - 0.7 ** (1 / 11) },
  { p: 0.3, a: 11, b: 1, x: 0.3 ** (1 / 11) },
  { p: 0, a: 2, b: 3, x: 0 },
  { p: 1, a: 2, b: 3, x: 1 },
])('the quantile $p of Beta($a, $b) is $x', ({ p, a, b, x }) => {
  expect(betaQuantile(p, a, b)).toBeCloseTo(x, 9);
});

function choose(n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= k; i++) ways = (ways * (n - k + i)) / i;
  return ways;
}

test('outside of 0 to 1 nothing is left, and at the ends all is exact', () => {
  expect([-0.1, 0, 1, 1.1].map((x) => betaProbability(x, 2, 3))).toEqual([0, 0, 1, 1]);
  expect([-0.1, 0, 1, 1.1].map((p) => betaQuantile(p, 2, 3))).toEqual([0, 0, 1, 1]);
});

test('a quantile is found though nearly all lies next to one end', () => {
  for (const [a, b] of [
    [0.5, 400],
    [400, 0.5],
    [0.5, 0.5],
    [900, 900],
  ] as const) {
    for (const p of [0.05, 0.3, 0.5, 0.95]) {
      const x = betaQuantile(p, a, b);
      expect(x).toBeGreaterThan(0);
      expect(x).toBeLessThan(1);
      expect(betaProbability(x, a, b)).toBeCloseTo(p, 5);
    }
  }
});
