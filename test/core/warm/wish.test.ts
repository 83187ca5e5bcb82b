import fc from 'fast-check';
import { arrivalQuantileMs, firstArrivalOf, type Wish } from '../../../core/warm';
import { chance } from './support/graphs';

const wish: fc.Arbitrary<Wish> = fc.record({
  request: fc.uuid(),
  component: fc.constant('writer'),
  probability: chance,
  arrivalsAtMs: fc
    .array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 8 })
    .map((times) => times.sort((a, b) => a - b)),
});

test('the first of several runs has not called by a time if none of them has', () => {
  fc.assert(
    fc.property(fc.array(wish, { minLength: 1, maxLength: 5 }), fc.integer({ min: -1, max: 1_001 }), (wishes, t) => {
      const calledBy = firstArrivalOf(wishes, 0)
        .points.filter(({ afterMs }) => afterMs <= t)
        .reduce((sum, { weight }) => sum + weight, 0);
      const silent = wishes.map(
        ({ probability, arrivalsAtMs }) =>
          1 - (probability * arrivalsAtMs.filter((atMs) => atMs <= t).length) / arrivalsAtMs.length,
      );
      expect(calledBy).toBeCloseTo(1 - silent.reduce((product, s) => product * s, 1), 7);
    }),
  );
});

test('any of several runs calls with the probability that not all stay silent', () => {
  fc.assert(
    fc.property(fc.array(wish, { maxLength: 5 }), (wishes) => {
      const silent = wishes.reduce((product, { probability }) => product * (1 - probability), 1);
      expect(firstArrivalOf(wishes, 0).probability).toBeCloseTo(1 - silent, 7);
    }),
  );
});

test('a call that is overdue is expected now, and one that never comes never', () => {
  const late = firstArrivalOf([{ request: 'a', component: 'writer', probability: 1, arrivalsAtMs: [5] }], 100);
  expect(arrivalQuantileMs(late, 0.5)).toBe(0);
  expect(arrivalQuantileMs(firstArrivalOf([], 100), 0.5)).toBe(Infinity);
});

test('a share of the first calls has come when so many of those that come have', () => {
  const at = (probability: number, p: number) =>
    arrivalQuantileMs(
      firstArrivalOf([{ request: 'a', component: 'writer', probability, arrivalsAtMs: [10, 20, 30, 40] }], 0),
      p,
    );
  expect([0.1, 0.25, 0.5, 0.75, 1].map((p) => at(1, p))).toEqual([10, 10, 20, 30, 40]);
  expect([0.1, 0.25, 0.5, 0.75, 1].map((p) => at(0.5, p))).toEqual([10, 10, 20, 30, 40]);
});

test('all have come when the last has, whatever rounding leaves', () => {
  const tenths = Array.from({ length: 10 }, (_, i) => i);
  const arrival = firstArrivalOf([{ request: 'a', component: 'writer', probability: 0.7, arrivalsAtMs: tenths }], 0);
  expect(arrivalQuantileMs(arrival, 1)).toBe(9);
  expect(arrivalQuantileMs({ ...arrival, probability: 0.7 + 1e-12 }, 1)).toBe(9);
});

test('a run that is certain to call leaves nothing to those that call later', () => {
  const wishAt = (request: string, ...arrivalsAtMs: number[]): Wish => ({
    request,
    component: 'writer',
    probability: 1,
    arrivalsAtMs,
  });
  const { probability, points } = firstArrivalOf([wishAt('a', 5), wishAt('b', 1, 3, 7)], 0);
  expect(probability).toBe(1);
  expect(points.map(({ afterMs }) => afterMs)).toEqual([1, 3, 5]);
  expect(firstArrivalOf([wishAt('c', 1, 2, 3, 4, 5, 6, 7)], 0).probability).toBe(1);
});
