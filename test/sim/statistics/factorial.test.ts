import fc from 'fast-check';
import { randomStream } from '../../../sim/kernel/random';
import { type FactorialCell, type Factors, factorialEffects } from '../../../sim/statistics/factorial';
import { normalDraws } from './normal-draws';

const factors: Factors = {
  capacity: ['static', 'autoscaled'],
  graph: ['sequential', 'parallel'],
  prewarming: ['none', 'on'],
  targets: ['fixed', 'tuned'],
};
const names = Object.keys(factors);

/** All combinations; `outcome` sees -1 and 1 for the first and second level of each factor. */
function cellsOf(outcome: (signs: readonly number[], seed: number, cell: number) => number, seeds: number) {
  return Array.from({ length: 16 }, (_, cell): FactorialCell => {
    const bits = names.map((_, i) => (cell >> i) & 1);
    const signs = bits.map((bit) => 2 * bit - 1);
    return {
      levels: Object.fromEntries(names.map((name, i) => [name, factors[name]![bits[i]!]!])),
      bySeed: Array.from({ length: seeds }, (_, seed) => outcome(signs, seed, cell)),
    };
  });
}

test('planted effects are found again, whatever the seeds have in common', () => {
  const size = fc.integer({ min: -20, max: 20 });
  const planted = fc.record({ effects: fc.array(size, { minLength: 10, maxLength: 10 }), shared: size });
  fc.assert(
    fc.property(planted, ({ effects, shared }) => {
      const pairs = names.flatMap((_, i) => names.slice(i + 1).map((_, j) => [i, i + 1 + j] as const));
      const cells = cellsOf((signs, seed) => {
        const main = signs.reduce((sum, sign, i) => sum + (effects[i]! / 2) * sign, 0);
        const interactions = pairs.reduce((sum, [i, j], at) => sum + (effects[4 + at]! / 2) * signs[i]! * signs[j]!, 0);
        return 100 + shared * seed + main + interactions;
      }, 3);
      const found = factorialEffects(factors, cells);
      expect(found.map(({ effect }) => Math.round(effect.mean * 1e9) / 1e9 + 0)).toEqual(effects.map((e) => e + 0));
    }),
    { numRuns: 30 },
  );
});

test('effects come with their factors, single ones first', () => {
  expect(
    factorialEffects(
      factors,
      cellsOf(() => 1, 2),
    ).map((effect) => effect.factors.join(' x ')),
  ).toEqual([
    'capacity',
    'graph',
    'prewarming',
    'targets',
    'capacity x graph',
    'capacity x prewarming',
    'capacity x targets',
    'graph x prewarming',
    'graph x targets',
    'prewarming x targets',
  ]);
});

test('a factor without effect is found to have one in about 5 % of experiments', () => {
  const repeats = 60;
  let found = 0;
  for (let i = 0; i < repeats; i++) {
    const noise = normalDraws(randomStream(i, 'factorial', 'noise'), 16 * 5);
    const effects = factorialEffects(
      factors,
      cellsOf((signs, seed, cell) => 3 * signs[0]! + noise[cell * 5 + seed]!, 5),
    );
    expect(effects[0]!.pValue).toBeLessThan(0.05);
    expect(effects[0]!.effect.mean).toBeCloseTo(6, -0.5);
    found += effects.slice(1).filter(({ effect: { low, high } }) => low > 0 || high < 0).length / 9;
  }
  expect(Math.abs(found / repeats - 0.05)).toBeLessThan(0.03);
});

test('an incomplete or doubtful design is refused', () => {
  const cells = cellsOf(() => 1, 2);
  expect(() => factorialEffects(factors, cells.slice(1))).toThrow('4 factors need 16 cells, got: 15');
  expect(() => factorialEffects(factors, [...cells, cells[0]!])).toThrow(
    'one cell of each combination, got two: static, sequential, none, fixed',
  );
  expect(() => factorialEffects(factors, [{ levels: { capacity: 'elastic' }, bySeed: [1] }])).toThrow(
    'level of "capacity" must be one of static, autoscaled, got: elastic',
  );
  expect(() => factorialEffects(factors, [...cells.slice(1), { ...cells[0]!, bySeed: [1] }])).toThrow(
    'cells must have the same seeds, got: 2 and 1',
  );
});
