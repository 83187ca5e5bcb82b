import fc from 'fast-check';
import { DAY_US } from '../../../sim/kernel/time-units';
import { bootstrapDays, sliceDays, window } from '../../../sim/workload/span';
import { requestsOf } from './support';

/** A request at each hour; its prompt tells the hour. */
const hourly = (hours: number) =>
  requestsOf(
    Array.from({ length: hours }, (_, hour) => [hour * 3600e6, hour + 1, 1] as const),
    hours * 3600e6,
  );

test('a window has the requests from its start to before its end, counted from its start', () => {
  const requests = requestsOf([
    [5, 1, 10],
    [10, 2, 20],
    [19, 3, 30],
    [20, 4, 40],
  ]);
  expect(window(requests, 10, 20)).toEqual(
    requestsOf(
      [
        [0, 2, 20],
        [9, 3, 30],
      ],
      10,
    ),
  );
});

test('a window ends with the run', () => {
  expect(window(hourly(3), 3600e6, 100 * 3600e6).durationUs).toBe(2 * 3600e6);
  expect(window(hourly(3), 4 * 3600e6, 5 * 3600e6)).toMatchObject({ count: 0, durationUs: 0 });
});

test('two windows side by side have what one over both has', () => {
  const times = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 30 });
  const cuts = fc.uniqueArray(fc.integer({ min: 0, max: 110 }), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(times, cuts, (arrivals, cut) => {
      const requests = requestsOf(
        arrivals.sort((a, b) => a - b).map((us, i) => [us, i + 1, 1] as const),
        101,
      );
      const [from, middle, to] = cut.sort((a, b) => a - b) as [number, number, number];
      const halves = [window(requests, from, middle), window(requests, middle, to)];
      expect(halves.flatMap(({ promptTokens }) => [...promptTokens])).toEqual([
        ...window(requests, from, to).promptTokens,
      ]);
    }),
  );
});

test.each([
  [5, 5],
  [-1, 5],
  [NaN, 5],
])('a window from %d to %d is refused', (from, to) => {
  expect(() => window(hourly(3), from, to)).toThrow(`fromUs must be from 0 and below toUs, got: ${from} and ${to}`);
});

test('days are counted from 0', () => {
  const second = sliceDays(hourly(72), 1, 2);
  expect([second.count, second.promptTokens[0], second.durationUs]).toEqual([24, 25, DAY_US]);
});

test('drawn days are whole days of the run, each at its place, as many as there were', () => {
  const drawn = bootstrapDays(hourly(24 * 5 + 7), 1);
  expect(drawn).toMatchObject({ count: 24 * 5, durationUs: 5 * DAY_US });
  expect([...drawn.arrivalUs]).toEqual([...hourly(24 * 5).arrivalUs]);
  const firstOfDay = [0, 1, 2, 3, 4].map((day) => drawn.promptTokens[24 * day]!);
  expect(firstOfDay.every((hour) => hour % 24 === 1)).toBe(true);
  expect(new Set(firstOfDay).size).toBeLessThan(5);
});

test('the same seed draws the same days, others draw others', () => {
  const draws = [1, 1, 2, 3].map((seed) => bootstrapDays(hourly(24 * 7), seed).promptTokens.join());
  expect(draws[0]).toBe(draws[1]);
  expect(new Set(draws).size).toBe(3);
});

test('a run below two days has none to draw', () => {
  expect(() => bootstrapDays(hourly(30), 1)).toThrow('drawing days needs a run of at least two, got one of 30.0 hours');
});
