import fc from 'fast-check';
import { capacityFloor } from '../../../core/scale/capacity-floor';
import {
  type DemandHistory,
  NO_DEMAND,
  observeDemand,
  recentDemand,
  seasonalDemand,
  seasonalWeight,
} from '../../../core/scale/demand-history';
import { hourOfWeek } from '../../../core/scale/hour-of-week';

const HOUR = 3_600_000;
const config = { target: 4, readyP90Seconds: 260, minCopies: 1, maxCopies: 50 };

/** Six samples an hour of a demand given by the hour since the epoch. */
function live(hours: number, demandAt: (hour: number) => number, from = NO_DEMAND, firstHour = 0): DemandHistory {
  let history = from;
  for (let tick = 6 * firstHour; tick < 6 * (firstHour + hours); tick++) {
    history = observeDemand(history, demandAt(Math.floor(tick / 6)), (tick * HOUR) / 6);
  }
  return history;
}

/** Busy from 8 to 20 o'clock. */
const daily = (hour: number) => (hour % 24 >= 8 && hour % 24 < 20 ? 40 : 4);

test.each([
  ['Thursday 1970-01-01 00:00', 0, 72],
  ['Monday 1970-01-05 00:00', 4 * 24, 0],
  ['Sunday 1970-01-04 23:59', 4 * 24 - 1 / 60, 167],
  ['Friday 2026-05-01 12:00', 1_777_636_800 / 3600, 108],
])('%s UTC has its hour of week', (_, hours, expected) => {
  expect(hourOfWeek(hours * HOUR)).toBe(expected);
});

test('no start is so long that more than a week is looked ahead', () => {
  const history = live(3 * 24, daily);
  const floorOf = (readyP90Seconds: number) => capacityFloor(history, { ...config, readyP90Seconds }, 3 * 24 * HOUR);
  expect(floorOf(1e15).copies).toBe(floorOf(7 * 24 * 3600).copies);
});

test('nothing known asks for the configured minimum', () => {
  expect(capacityFloor(NO_DEMAND, config, 0)).toEqual({ copies: 1, reason: 'no demand known' });
});

test('with no season known, the floor carries the recent demand', () => {
  // 18 concurrent requests at target 4: 4.5 copies.
  const floor = capacityFloor(
    live(2, () => 18),
    config,
    2 * HOUR - 1,
  );
  expect(floor.copies).toBe(5);
  expect(floor.reason).toContain('forecast 18 concurrent requests in the next 300 s (season counts 0 %)');
});

test('recent demand is that of about the last hour', () => {
  const history = observeDemand(
    live(1, () => 10),
    30,
    HOUR,
  );
  // A quarter of the open hour at 30, three quarters of the one before at 10.
  expect(recentDemand(history, 1.25 * HOUR)).toBeCloseTo(15, 10);
});

test('the season is scaled by how now compares with its usual, from a half to the double', () => {
  const history = live(3 * 168, daily);
  const eightOClock = (3 * 168 + 8) * HOUR;
  const seven = eightOClock - HOUR;
  expect(seasonalDemand(history, 6, eightOClock, seven)).toBeCloseTo(60, 10);
  expect(seasonalDemand(history, 40, eightOClock, seven)).toBeCloseTo(80, 10);
  expect(seasonalDemand(history, 0.1, eightOClock, seven)).toBeCloseTo(20, 10);
});

test('a daily season earns its weight and starts copies before the day begins', () => {
  const history = live(3 * 168, daily);
  expect(seasonalWeight(history)).toBeGreaterThan(0.9);
  const floorAt = (hour: number, minute: number) => {
    const night = live(hour, daily, history, 3 * 168);
    return capacityFloor(night, config, (3 * 168 + hour - 1) * HOUR + minute * 60_000).copies;
  };
  // 300 s ahead: at 07:50 the day is not in sight yet, at 07:56 it is.
  expect(floorAt(8, 50)).toBe(1);
  expect(floorAt(8, 56)).toBe(10);
});

test('a season that does not repeat has weight 0', () => {
  // A random walk's best forecast is its last value.
  let level = 100;
  let seed = 7;
  const walk = Array.from({ length: 3 * 168 }, () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    level = Math.max(1, level + (seed / 2_147_483_648 - 0.5) * 10);
    return level;
  });
  expect(seasonalWeight(live(walk.length, (hour) => walk[hour]!))).toBe(0);
});

test('peaks within the hour raise the floor above the mean', () => {
  let history = NO_DEMAND;
  for (let tick = 0; tick < 6 * 48; tick++)
    history = observeDemand(history, tick % 6 === 0 ? 50 : 2, (tick * HOUR) / 6);
  // The mean is 10, the peak 50: 5 times the forecast.
  expect(capacityFloor(history, config, 48 * HOUR - 1).copies).toBe(13);
});

test('a burst after hours of hardly any demand says nothing about peaks', () => {
  let history = NO_DEMAND;
  // Every fourth hour five requests at once for ten minutes, else next to nothing.
  for (let tick = 0; tick < 6 * 168; tick++) {
    history = observeDemand(history, tick % 24 === 0 ? 5 : 0.01, (tick * HOUR) / 6);
  }
  expect(history.peakRatios).toEqual([]);
  expect(capacityFloor(history, { ...config, minCopies: 0 }, 168 * HOUR - 1).copies).toBe(1);
});

test.each([NaN, -1, Infinity])('a demand of %p changes nothing', (demand) => {
  const history = live(2, () => 5);
  expect(observeDemand(history, demand, 3 * HOUR)).toBe(history);
});

test('a sample of an hour already closed changes nothing', () => {
  const history = live(3, () => 5);
  expect(observeDemand(history, 500, HOUR)).toBe(history);
});

test('after a gap of hours the demand before it is not recent any more', () => {
  const history = observeDemand(
    live(2, () => 100),
    2,
    9 * HOUR,
  );
  expect(recentDemand(history, 9 * HOUR)).toBe(2);
});

test('more demand never lowers the floor, which stays between its bounds', () => {
  const week = live(168, daily);
  const demands = fc.double({ min: 0, max: 1000, noNaN: true });
  fc.assert(
    fc.property(demands, demands, fc.integer({ min: 0, max: 59 }), (a, b, minute) => {
      const nowMs = 168 * HOUR + minute * 60_000;
      const copies = (demand: number) => capacityFloor(observeDemand(week, demand, nowMs), config, nowMs).copies;
      expect(copies(Math.min(a, b))).toBeLessThanOrEqual(copies(Math.max(a, b)));
      expect(copies(a)).toBeGreaterThanOrEqual(1);
      expect(copies(a)).toBeLessThanOrEqual(50);
    }),
  );
});

test('the history is plain data', () => {
  const history = live(200, daily);
  expect(JSON.parse(JSON.stringify(history))).toEqual(history);
});
