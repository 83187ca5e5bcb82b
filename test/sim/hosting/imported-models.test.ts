import * as fc from 'fast-check';
import type { Place } from '../../../sim/hosting/host';
import { ImportedModelHost } from '../../../sim/hosting/imported-models';
import { Timeline } from '../../../sim/kernel/timeline';

const NO_NEEDS = { accelerators: 0, vcpus: 0, memoryMiB: 0 };
/** A window of 5 minutes costs 1 USD. */
const HOSTING = { unitsPerCopy: 2, pricePerUnitMinuteUsd: 0.1, evictAfterSeconds: 3600 };

class Bench {
  readonly timeline = new Timeline();
  readonly host = new ImportedModelHost(HOSTING, this.timeline);

  place(): Place {
    const places: Place[] = [];
    this.host.place('writer', NO_NEEDS, (place) => places.push(place));
    return places[0]!;
  }

  advance(minutes: number): void {
    this.timeline.advanceTo(this.timeline.nowUs + minutes * 60e6);
  }

  /** Between two minutes; without them, all so far. */
  cost(fromMinute = 0, toMinute = Infinity): number {
    return this.host.costUsd(fromMinute * 60e6, Math.min(toMinute * 60e6, this.timeline.nowUs));
  }
}

test('a copy is billed in whole windows of five minutes from its first successful call', () => {
  const bench = new Bench();
  const place = bench.place();
  place.inService();
  bench.advance(60);
  expect(bench.cost()).toBe(0);
  place.firstServed();
  bench.advance(1);
  place.firstServed();
  expect(bench.cost()).toBeCloseTo(1);
  bench.advance(3.9);
  expect(bench.cost()).toBeCloseTo(1);
  bench.advance(0.2);
  expect(bench.cost()).toBeCloseTo(2);
  place.leave();
  bench.advance(600);
  expect(bench.cost()).toBeCloseTo(2);
});

test('the bills of adjoining spans add up to that of the whole', () => {
  const lives = fc.array(fc.record({ fromMinute: fc.nat(100), minutes: fc.nat(60) }), { maxLength: 5 });
  fc.assert(
    fc.property(lives, fc.nat(170), (copies, cutMinute) => {
      const bench = new Bench();
      const ends: { readonly place: Place; readonly atMinute: number }[] = [];
      for (let minute = 0; minute <= 170; minute++) {
        for (const { place } of ends.filter(({ atMinute }) => atMinute === minute)) place.leave();
        for (const { minutes } of copies.filter(({ fromMinute }) => fromMinute === minute)) {
          const place = bench.place();
          place.inService();
          place.firstServed();
          ends.push({ place, atMinute: minute + minutes + 1 });
        }
        bench.advance(1);
      }
      const windows = copies.reduce((sum, { minutes }) => sum + Math.ceil((minutes + 1) / 5), 0);
      expect(bench.cost()).toBeCloseTo(windows);
      expect(bench.cost(0, cutMinute) + bench.cost(cutMinute)).toBeCloseTo(windows);
    }),
    { numRuns: 30 },
  );
});

test('weights stay until an hour has passed without a copy', () => {
  const bench = new Bench();
  const first = bench.place();
  expect([first.hasImage, first.hasWeights]).toEqual([true, false]);
  first.inService();
  const second = bench.place();
  expect(second.hasWeights).toBe(true);
  second.inService();
  first.leave();
  bench.advance(600);
  second.leave();
  bench.advance(59);
  const third = bench.place();
  expect(third.hasWeights).toBe(true);
  third.inService();
  third.leave();
  bench.advance(59);
  expect(bench.place().hasWeights).toBe(true);
  bench.advance(2);
  expect(bench.place().hasWeights).toBe(false);
});

test('a copy that is taken before it serves has brought no weights', () => {
  const bench = new Bench();
  const evicted = bench.place();
  evicted.inService();
  evicted.leave();
  bench.advance(61);
  const loading = bench.place();
  expect([loading.hasWeights, bench.place().hasWeights]).toEqual([false, false]);
  loading.leave();
  expect(bench.place().hasWeights).toBe(false);
});

test('a copy that was there at the beginning came with its weights', () => {
  const bench = new Bench();
  const started = bench.host.placeStarted();
  started.inService();
  started.leave();
  expect(bench.place().hasWeights).toBe(true);
});
