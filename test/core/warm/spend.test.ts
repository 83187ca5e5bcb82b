import fc from 'fast-check';
import { monthSpentUsd } from '../../../core/warm';
import { charge, NO_SPEND, refund, remainingAheadUsd, remainingUsd } from '../../../core/warm/spend';

const LIMITS = { hourlyBudgetUsd: 5, monthlyBudgetUsd: 20 };
const at = (time: string) => Date.parse(time);

test('a new hour has its own budget, within that of the month', () => {
  let spend = NO_SPEND;
  for (let hour = 0; hour < 4; hour++) {
    const nowMs = at(`2026-03-10T0${hour}:59:59Z`);
    expect(remainingUsd(spend, LIMITS, nowMs)).toBe(5);
    spend = charge(spend, 5, nowMs);
    expect(remainingUsd(spend, LIMITS, nowMs)).toBe(0);
  }
  expect(remainingUsd(spend, LIMITS, at('2026-03-10T05:00:00Z'))).toBe(0);
});

test.each([
  ['2026-02-28T23:59:59Z', '2026-03-01T00:00:00Z', true],
  ['2028-02-28T23:59:59Z', '2028-02-29T00:00:00Z', false],
  ['2028-02-29T23:59:59Z', '2028-03-01T00:00:00Z', true],
  ['2026-12-31T23:59:59Z', '2027-01-01T00:00:00Z', true],
  ['2026-04-30T23:59:59Z', '2026-05-01T00:00:00Z', true],
  ['2026-05-30T23:59:59Z', '2026-05-31T00:00:00Z', false],
  ['2026-01-15T00:00:00Z', '2027-01-15T00:00:00Z', true],
])('from %s to %s the month changes: %p', (before, after, isNew) => {
  const limits = { hourlyBudgetUsd: 100, monthlyBudgetUsd: 20 };
  expect(remainingUsd(charge(NO_SPEND, 20, at(before)), limits, at(after))).toBe(isNew ? 20 : 0);
});

test('what is given back counts in the hour in which it was set aside', () => {
  const charged = at('2026-03-10T10:10:00Z');
  const spend = charge(NO_SPEND, 5, charged);
  expect(remainingUsd(refund(spend, 2, charged, charged), LIMITS, charged)).toBe(2);

  const nextHour = at('2026-03-10T11:10:00Z');
  const later = charge(spend, 5, nextHour);
  expect(remainingUsd(refund(later, 2, charged, nextHour), LIMITS, nextHour)).toBe(0);
});

test.each([
  ['2026-03-01T00:00:00Z', 0, 10],
  ['2026-03-01T23:59:59Z', 4, 6],
  ['2026-03-02T00:00:00Z', 4, 16],
  ['2026-03-16T12:00:00Z', 0, 160],
  ['2026-03-16T12:00:00Z', 200, 0],
  ['2026-02-28T12:00:00Z', 0, 280],
  ['2028-02-29T12:00:00Z', 0, 290],
  ['2026-03-30T00:00:00Z', 0, 300],
  ['2026-03-31T23:59:59Z', 0, 300],
])('on %s, with %d dollars spent, what no run has asked for may cost %d of the 300 of a month', (time, usd, left) => {
  const limits = { hourlyBudgetUsd: 1_000, monthlyBudgetUsd: 300 };
  expect(remainingAheadUsd(charge(NO_SPEND, usd, at(time)), limits, at(time))).toBe(left);
});

test('nor may it cost more than is left of the hour, or of the month', () => {
  const late = at('2026-03-30T00:00:00Z');
  expect(remainingAheadUsd(NO_SPEND, LIMITS, late)).toBe(5);
  expect(remainingAheadUsd(charge(NO_SPEND, 18, late - 3_600_000), LIMITS, late)).toBe(2);
});

test('hours and months are those of the calendar, whatever the year', () => {
  const moment = fc.integer({ min: at('1970-01-01T00:00:00Z'), max: at('2800-01-01T00:00:00Z') });
  fc.assert(
    fc.property(moment, (nowMs) => {
      const date = new Date(nowMs);
      const { hour, month } = charge(NO_SPEND, 1, nowMs);
      expect(hour).toBe(Math.floor(nowMs / 3_600_000));
      expect(month).toBe(12 * date.getUTCFullYear() + date.getUTCMonth());
    }),
    { numRuns: 1_000 },
  );
});

test.each(['2000-02-29', '2100-02-28', '2100-03-01', '2400-02-29', '2400-03-01', '2399-12-31'])('so is %s', (day) => {
  const date = new Date(`${day}T12:00:00Z`);
  const limits = { hourlyBudgetUsd: 1_000, monthlyBudgetUsd: 30 };
  expect(charge(NO_SPEND, 1, date.getTime()).month).toBe(12 * date.getUTCFullYear() + date.getUTCMonth());
  expect(remainingAheadUsd(NO_SPEND, limits, date.getTime())).toBeCloseTo(Math.min(30, date.getUTCDate()), 9);
});

test('what a month has cost is known until the next begins', () => {
  const spend = charge(charge(NO_SPEND, 2, at('2026-03-01T00:00:00Z')), 3, at('2026-03-20T00:00:00Z'));
  expect(monthSpentUsd(spend, at('2026-03-31T23:59:59Z'))).toBe(5);
  expect(monthSpentUsd(spend, at('2026-04-01T00:00:00Z'))).toBe(0);
});

test('what is given back counts in the month in which it was set aside', () => {
  const [first, last, next] = ['2026-03-01T00:00:00Z', '2026-03-31T23:59:59Z', '2026-04-01T00:00:00Z'].map(at);
  const spend = charge(NO_SPEND, 5, first!);
  expect(monthSpentUsd(refund(spend, 2, first!, last!), last!)).toBe(3);
  expect(monthSpentUsd(refund(spend, 9, first!, last!), last!)).toBe(0);
  const later = charge(spend, 4, next!);
  expect(monthSpentUsd(refund(later, 2, first!, next!), next!)).toBe(4);
});
