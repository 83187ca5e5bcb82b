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
