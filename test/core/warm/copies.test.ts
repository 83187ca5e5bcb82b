import fc from 'fast-check';
import { MINUTE_MS } from '../../../core/time-units';
import type { WarmComponent, Wish } from '../../../core/warm';
import { type CopyNeeds, copiesFor } from '../../../core/warm/copies';
import { chance } from './support/graphs';

const COSTS: WarmComponent = { pricePerHourUsd: 1.4, maxCopies: 8, concurrencyPerCopy: 4 };

function needsOf(wishes: readonly Partial<Wish>[], rest: Partial<CopyNeeds> = {}): CopyNeeds {
  return {
    wishes: wishes.map((wish, i) => ({
      request: `r${i}`,
      component: 'writer',
      probability: 1,
      arrivalsAtMs: [0],
      ...wish,
    })),
    costs: COSTS,
    present: 1,
    readyAtMs: 5 * MINUTE_MS,
    lagMs: 0,
    paidMs: 10 * MINUTE_MS,
    ...rest,
  };
}

const runs = (count: number, wish: Partial<Wish>) => Array.from({ length: count }, () => wish);

const wish = fc.record({
  probability: chance,
  width: fc.integer({ min: 1, max: 20 }),
  callMs: fc.integer({ min: 0, max: 5 * MINUTE_MS }),
});
const setting = fc.record({
  wishes: fc.array(wish, { minLength: 1, maxLength: 30 }),
  present: fc.integer({ min: 1, max: 10 }),
  lagMs: fc.integer({ min: 0, max: 5 * MINUTE_MS }),
});

test('there are at most as many copies as have room for all calls at once, and never fewer than there are', () => {
  fc.assert(
    fc.property(setting, ({ wishes, ...rest }) => {
      const copies = copiesFor(needsOf(wishes, rest));
      const calls = wishes.reduce((sum, { probability, width }) => sum + probability * width, 0);
      expect(copies).toBeGreaterThanOrEqual(rest.present);
      expect(copies).toBeLessThanOrEqual(Math.max(rest.present, Math.min(8, Math.ceil(calls / 4))));
    }),
  );
});

test('what was asked for is enough when asked again', () => {
  fc.assert(
    fc.property(setting, ({ wishes, ...rest }) => {
      const present = copiesFor(needsOf(wishes, rest));
      expect(copiesFor(needsOf(wishes, { ...rest, present }))).toBe(present);
    }),
  );
});

test.each([
  { name: 'calls of a minute', given: runs(12, { callMs: MINUTE_MS }), copies: 3 },
  { name: 'short calls, which are soon through', given: runs(12, { callMs: 500 }), copies: 1 },
  { name: 'calls that take no time', given: runs(12, {}), copies: 1 },
  { name: 'as many calls of one map', given: [{ width: 12, callMs: MINUTE_MS }], copies: 3 },
  { name: 'more than its most', given: runs(100, { callMs: MINUTE_MS }), copies: 8 },
  { name: 'calls that are half likely', given: runs(12, { probability: 0.5, callMs: MINUTE_MS }), copies: 2 },
])('$name: $copies copies', ({ given, copies }) => {
  expect(copiesFor(needsOf(given))).toBe(copies);
});

test('a copy that would come when the line is gone is not started', () => {
  const needs = needsOf(runs(12, { callMs: MINUTE_MS }));
  expect(copiesFor({ ...needs, lagMs: MINUTE_MS })).toBe(2);
  expect(copiesFor({ ...needs, lagMs: 3 * MINUTE_MS })).toBe(1);
});

test('calls that come when copies serve do not stand in line', () => {
  const at = (...minutes: number[]) => minutes.map((minute) => minute * MINUTE_MS);
  expect(copiesFor(needsOf(runs(12, { callMs: MINUTE_MS, arrivalsAtMs: at(6) })))).toBe(1);
  expect(copiesFor(needsOf(runs(12, { callMs: MINUTE_MS, arrivalsAtMs: at(4, 6, 6) })))).toBe(1);
  expect(copiesFor(needsOf(runs(12, { callMs: MINUTE_MS, arrivalsAtMs: at(4, 4, 6) })))).toBe(2);
});

test('one copy is enough where it serves any number of calls', () => {
  const { concurrencyPerCopy: _, ...unlimited } = COSTS;
  expect(copiesFor(needsOf(runs(50, { callMs: MINUTE_MS }), { costs: unlimited }))).toBe(1);
});

test('calls that come when the first copy serves stand in line, and a later one does not', () => {
  const arriving = (atMs: number) => copiesFor(needsOf(runs(12, { callMs: MINUTE_MS, arrivalsAtMs: [atMs] })));
  expect(arriving(5 * MINUTE_MS)).toBe(3);
  expect(arriving(5 * MINUTE_MS + 1)).toBe(1);
});

test('a minimum bill is part of what a copy has to be worth', () => {
  const copies = (minimumBillUsd: number) =>
    copiesFor(needsOf(runs(12, { callMs: MINUTE_MS }), { costs: { ...COSTS, minimumBillUsd } }));
  expect([copies(0), copies(6), copies(100)]).toEqual([3, 2, 1]);
});

test('of calls that take differently long their work is what stands in line', () => {
  const mixed = [...runs(6, { callMs: 2 * MINUTE_MS }), ...runs(6, { callMs: 0 })];
  const even = runs(12, { callMs: MINUTE_MS });
  const half = runs(24, { probability: 0.5, callMs: MINUTE_MS });
  for (const given of [mixed, half]) {
    for (const minimumBillUsd of [0, 2, 4, 6, 8, 10]) {
      const costs = { ...COSTS, minimumBillUsd };
      expect(copiesFor(needsOf(given, { costs }))).toBe(copiesFor(needsOf(even, { costs })));
    }
  }
});

test('calls that come with some probability while copies start weigh as much as they wait', () => {
  const halfLate = runs(24, { callMs: MINUTE_MS, arrivalsAtMs: [0, 10 * MINUTE_MS] });
  for (const minimumBillUsd of [0, 2, 4, 6, 8, 10]) {
    const costs = { ...COSTS, minimumBillUsd };
    const even = copiesFor(needsOf(runs(12, { callMs: MINUTE_MS }), { costs }));
    expect(copiesFor(needsOf(halfLate, { costs }))).toBe(even);
  }
});
