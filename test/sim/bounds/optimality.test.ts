import { efficiency, recoveredShare } from '../../../sim/bounds/optimality';

test('a policy at the bound is fully efficient, one at twice the bound half', () => {
  expect(efficiency(50, 50)).toBe(1);
  expect(efficiency(50, 100)).toBe(0.5);
});

test.each([
  ['at the bound', 2000, 1],
  ['half-way', 5000, 0.5],
  ['like static', 8000, 0],
  ['worse than static', 11_000, -0.5],
  ['in failure', Infinity, -Infinity],
])('modular %s (%p ms) recovers %p', (_, modularP95Ms, expected) => {
  expect(recoveredShare({ staticP95Ms: 8000, modularP95Ms, boundP95Ms: 2000 })).toBe(expected);
});

test('of an infinite static P95 a finite one recovers all, an infinite one nothing that has a number', () => {
  expect(recoveredShare({ staticP95Ms: Infinity, modularP95Ms: 9000, boundP95Ms: 2000 })).toBe(1);
  expect(recoveredShare({ staticP95Ms: Infinity, modularP95Ms: Infinity, boundP95Ms: 2000 })).toBeNaN();
  expect(recoveredShare({ staticP95Ms: 2000, modularP95Ms: 2000, boundP95Ms: 2000 })).toBeNaN();
  expect(recoveredShare({ staticP95Ms: 2100, modularP95Ms: 3000, boundP95Ms: 2000 })).toBeNaN();
});
