import * as fc from 'fast-check';
import { minimize } from '../../../sim/profiles/nelder-mead';

const OPTIONS = { edge: 0.5, resolution: 1e-6, maxEvaluations: 2000 };
const coordinate = fc.double({ min: -5, max: 5, noNaN: true });

test('finds the bottom of a bowl from anywhere', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 4 }), (axes) => {
      const bowl = (point: readonly number[]) =>
        axes.reduce((sum, [bottom], i) => sum + (i + 1) * (point[i]! - bottom) ** 2, 3);
      const start = axes.map(([, from]) => from);
      const { point, value } = minimize(bowl, start, OPTIONS);
      expect(value).toBeCloseTo(3, 6);
      for (const [i, [bottom]] of axes.entries()) expect(point[i]).toBeCloseTo(bottom, 3);
    }),
  );
});

test('follows the bent valley of Rosenbrock to its end', () => {
  const valley = ([x = NaN, y = NaN]: readonly number[]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2;
  const { point } = minimize(valley, [-1.2, 1], OPTIONS);
  expect(point[0]).toBeCloseTo(1, 3);
  expect(point[1]).toBeCloseTo(1, 3);
});

test('counts its evaluations, and ends soon after the most that it may use', () => {
  let calls = 0;
  const descent = ([x = NaN, y = NaN]: readonly number[]) => {
    calls += 1;
    return -x - y;
  };
  const { evaluations } = minimize(descent, [0, 0], { edge: 1, resolution: 0, maxEvaluations: 50 });
  expect(evaluations).toBe(calls);
  expect(calls).toBeGreaterThanOrEqual(50);
  expect(calls).toBeLessThan(56);
});
