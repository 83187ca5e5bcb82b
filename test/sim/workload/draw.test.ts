import fc from 'fast-check';
import type { Distribution } from '../../../sim/workload/distribution';
import { distributionFaults } from '../../../sim/workload/distribution-faults';
import { meanOf } from '../../../sim/workload/distribution-mean';
import { drawAt, quantileFunction, quantileOf } from '../../../sim/workload/draw';

/** 26 bits of each of two words of a known answer of Threefry-2x32, https://github.com/DEShawResearch/random123. */
const drawOf = (a: number, b: number) => ((a >>> 6) * 2 ** 26 + (b >>> 6) + 0.5) / 2 ** 52;

test.each([
  [drawAt(0, 0, 0, 0, 0), drawOf(0x6b200159, 0x99ba4efe)],
  [drawAt(0xffffffff, 0xffffffff, 0xffff, 0xffffffff, 0xffff), drawOf(0x1cb996fc, 0xbb002be7)],
  [drawAt(0x13198a2e, 0x243f6a88, 0x0370, 0x85a308d3, 0x7344), drawOf(0xc4923a9c, 0x483df7a0)],
])('a draw is the known answer of Threefry (%#)', (draw, known) => {
  expect(draw).toBe(known);
});

test.each([
  ['seed', (n: number) => drawAt(n, 1, 1, 1, 1)],
  ['request', (n: number) => drawAt(1, n, 1, 1, 1)],
  ['node', (n: number) => drawAt(1, 1, n, 1, 1)],
  ['item', (n: number) => drawAt(1, 1, 1, n, 1)],
  ['purpose', (n: number) => drawAt(1, 1, 1, 1, n)],
])('draws of neighbours by %s are uniform and independent of each other', (_, draw) => {
  const cells = new Float64Array(100);
  const draws = 50_000;
  for (let n = 0; n < draws; n++) cells[10 * Math.floor(10 * draw(n)) + Math.floor(10 * draw(n + 1))]! += 1;
  const expected = draws / cells.length;
  const chiSquare = cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  // 99.9 % of chi-square with 99 degrees of freedom.
  expect(chiSquare).toBeLessThan(148.2);
});

const quantiles: Distribution = {
  quantiles: [
    [0.1, 5],
    [0.5, 10],
    [0.9, 50],
  ],
};

test.each<[Distribution, number, number]>([
  [7, 0.3, 7],
  [{ lognormal: { p50: 100, p95: 400 } }, 0.5, 100],
  [{ lognormal: { p50: 100, p95: 400 } }, 0.95, 400],
  [{ lognormal: { p50: 100, p95: 400 }, max: 300 }, 0.95, 300],
  [{ lognormal: { p50: 100, p95: 100 } }, 0.01, 100],
  [{ exponential: { mean: 10 } }, 0.95, 29.957322735539908],
  [{ exponential: { mean: 10 }, max: 12 }, 0.95, 12],
  [quantiles, 0.05, 5],
  [quantiles, 0.7, 30],
  [quantiles, 0.99, 50],
  [{ request: 'outputTokens', times: 0.5, plus: 3 }, 0.2, 23],
])('the quantile of %j at %d is %d', (distribution, probability, value) => {
  expect(quantileOf(distribution, probability, { promptTokens: 10, outputTokens: 40 })).toBeCloseTo(value, 9);
});

// Source of the values: Wichura 1988, and SciPy's norm.ppf.
test.each([
  [0.25, -0.6744897501960817],
  [0.001, -3.090232306167813],
  [1e-20, -9.262340089798409],
  [0.975, 1.959963984540054],
])('a lognormal at %d lies where the normal distribution has it', (probability, z) => {
  const [p50, p95] = [1, Math.exp(1.6448536269514722)];
  expect(Math.log(quantileOf({ lognormal: { p50, p95 } }, probability))).toBeCloseTo(z, 12);
});

const positive = fc.double({ min: 0.01, max: 1e6, noNaN: true });
const lognormal = fc
  .tuple(positive, fc.double({ min: 1, max: 8, noNaN: true }))
  .map(([p50, spread]) => ({ lognormal: { p50, p95: p50 * spread } }));
const interpolated = fc
  .tuple(fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 8 }), fc.infiniteStream(positive))
  .map(([permille, values]): Distribution => {
    const sorted = [...permille.sort((a, b) => a - b)];
    const ascending = [...values.take(sorted.length)].sort((a, b) => a - b);
    return { quantiles: sorted.map((p, i) => [p / 1000, ascending[i]!]) };
  });
const anyDistribution = fc.oneof(
  positive,
  lognormal,
  fc.tuple(lognormal, positive).map(([distribution, max]) => ({ ...distribution, max })),
  positive.map((mean): Distribution => ({ exponential: { mean } })),
  fc.tuple(positive, positive).map(([mean, max]): Distribution => ({ exponential: { mean }, max })),
  interpolated,
);

test('quantiles grow with the probability', () => {
  const probability = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true });
  fc.assert(
    fc.property(anyDistribution, probability, probability, (distribution, p, q) => {
      const quantile = quantileFunction(distribution);
      expect(quantile(Math.min(p, q))).toBeLessThanOrEqual(quantile(Math.max(p, q)) * (1 + 1e-12));
    }),
  );
});

test('the mean of a distribution is that of its quantiles', () => {
  fc.assert(
    fc.property(anyDistribution, (distribution) => {
      const quantile = quantileFunction(distribution);
      const steps = 5000;
      let sum = 0;
      for (let step = 0; step < steps; step++) sum += quantile((step + 0.5) / steps);
      const mean = meanOf(distribution);
      expect(Math.abs(sum / steps / mean - 1)).toBeLessThan(0.01);
    }),
    { numRuns: 20 },
  );
});

test('the mean of what follows the request follows the mean of the requests', () => {
  const follower: Distribution = { request: 'promptTokens', times: 2, plus: 1 };
  expect(meanOf(follower, { promptTokens: 100, outputTokens: 5 })).toBe(201);
  expect(() => meanOf(follower)).toThrow("the mean of what follows the request's promptTokens needs the mean of these");
  expect(() => quantileOf(follower, 0.5)).toThrow("follows the request's promptTokens needs a request");
});

test.each<[unknown, string]>([
  [-1, 'tokens must be a number from 0, got: -1'],
  [NaN, 'tokens must be a number from 0, got: NaN'],
  ['7', 'tokens must be a number or an object with one of lognormal, exponential, quantiles, request, got: "7"'],
  [{}, 'tokens must be a number or an object with one of lognormal, exponential, quantiles, request, got: {}'],
  [{ lognormal: { p50: 2, p95: 1 } }, 'tokens.lognormal.p95 must be at least p50, 2, got: 1'],
  [{ lognormal: { p50: 0, p95: 1 } }, 'tokens.lognormal.p50 must be a number above 0, got: 0'],
  [{ lognormal: { p50: 1, p95: 2 }, mx: 3 }, 'tokens.mx is none of lognormal, max'],
  [{ exponential: { mean: -5 } }, 'tokens.exponential.mean must be a number from 0, got: -5'],
  [{ quantiles: [] }, 'tokens.quantiles must be a list with at least one entry'],
  [{ quantiles: [[0.5]] }, 'tokens.quantiles[0] must be a pair [probability, value], got: [0.5]'],
  [{ quantiles: [[1.5, 1]] }, 'tokens.quantiles[0][0] must be a number from 0 to 1, got: 1.5'],
  [
    {
      quantiles: [
        [0.5, 1],
        [0.5, 2],
      ],
    },
    'tokens.quantiles[1][0] must be above 0.5, got: 0.5',
  ],
  [
    {
      quantiles: [
        [0.5, 2],
        [0.9, 1],
      ],
    },
    'tokens.quantiles[1][1] must be at least 2, got: 1',
  ],
  [{ request: 'tokens' }, 'tokens.request must be one of promptTokens, outputTokens, got: "tokens"'],
  [{ request: 'promptTokens', plus: -1 }, 'tokens.plus must be a number from 0, got: -1'],
])('%j is no distribution', (value, fault) => {
  expect([...distributionFaults('tokens', value)]).toEqual([fault]);
});

test('a distribution that makes no sense is refused before the first draw', () => {
  expect(() => quantileFunction({ lognormal: { p50: 2, p95: 1 } })).toThrow(RangeError);
});
