import fc from 'fast-check';
import { drawDurations, drawUniform, quantileOf, SCENARIOS } from '../../../core/warm/scenarios';

const middles = Array.from({ length: SCENARIOS }, (_, i) => (i + 0.5) / SCENARIOS);
const ascending = (values: readonly number[]) => [...values].sort((a, b) => a - b);
const rankOf = (values: readonly number[]) => values.map((value) => ascending(values).indexOf(value));

test('each variable takes the middle of each stratum once', () => {
  fc.assert(
    fc.property(fc.nat(500), (variable) => {
      expect(ascending(drawUniform(variable))).toEqual(middles);
    }),
  );
});

test('a duration is drawn from the same strata, in the order of its variable', () => {
  const drawn = drawDurations(7, { meanLog: Math.log(5_000), sdLog: 0.5 });
  expect(rankOf(drawn)).toEqual(rankOf(drawUniform(7)));
  expect(drawn).toHaveLength(SCENARIOS);
  expect(Math.exp(drawn.reduce((sum, ms) => sum + Math.log(ms), 0) / SCENARIOS)).toBeCloseTo(5_000, 3);
});

test('a variable always has the same order, and others have others', () => {
  const orders = Array.from({ length: 40 }, (_, variable) => drawUniform(variable));
  expect(Array.from({ length: 40 }, (_, variable) => drawUniform(variable))).toEqual(orders);
  expect(new Set(orders.map((order) => order.join())).size).toBe(40);
});

test('of many pairs of variables, neither tells of the other', () => {
  const covariances: number[] = [];
  for (let a = 0; a < 30; a++) {
    for (let b = 0; b < a; b++) {
      const [left, right] = [drawUniform(a), drawUniform(b)];
      covariances.push(left.reduce((sum, x, k) => sum + 12 * (x - 0.5) * (right[k]! - 0.5), 0) / SCENARIOS);
    }
  }
  const mean = covariances.reduce((sum, each) => sum + each, 0) / covariances.length;
  expect(Math.abs(mean)).toBeLessThan(0.1);
});

test.each([
  [0, 1],
  [0.25, 1],
  [0.26, 2],
  [0.5, 2],
  [0.75, 3],
  [0.9, 4],
  [1, 4],
  [1.3, 4],
])('the share %p of four values lies up to the one in place %p', (p, place) => {
  expect(quantileOf([30, 10, 40, 20], p)).toBe(10 * place);
});
