import fc from 'fast-check';
import { capacityBoundUsd } from '../../../sim/bounds/capacity-bound';
import { demandWindows, needByWindow } from '../../../sim/bounds/demand';
import { type StartUpNeed, startUpBoundUsd } from '../../../sim/bounds/start-up-bound';
import { workBoundUsd } from '../../../sim/bounds/work-bound';

/** A copy costs 1 USD for a window of one minute. */
const component = (need: readonly number[], others: Partial<StartUpNeed> = {}): StartUpNeed => ({
  needByWindow: need,
  windowSeconds: 60,
  pricePerCopyHourUsd: 60,
  startSeconds: 0,
  minimumBillUsd: 0,
  beginsWarm: false,
  ...others,
});

/** The least bill over all ways to start and stop copies at the ends of windows, each billed at least its minimum. */
function leastBillUsd({ needByWindow: need, startSeconds, minimumBillUsd, beginsWarm }: StartUpNeed): number {
  const peak = Math.max(0, ...Array.from(need));
  const startUsd = startSeconds / 60;
  const billOf = (ageUsd: number, wasWarm: boolean) => (wasWarm ? ageUsd : Math.max(minimumBillUsd, ageUsd));
  const known = new Map<string, number>();

  /** `ages` is what each running copy has cost so far, `warm` how many of them, the first, ran from the beginning. */
  const best = (t: number, warm: number, ages: readonly number[]): number => {
    const key = [t, warm, ...ages].join();
    const found = known.get(key);
    if (found !== undefined) return found;
    let least = Infinity;
    for (const { stoppedUsd, warmLeft, left } of stops(warm, ages)) {
      const needed = need[t];
      if (needed === undefined) {
        if (warmLeft + left.length === 0) least = Math.min(least, stoppedUsd);
        continue;
      }
      for (let count = Math.max(needed, warmLeft + left.length); count <= peak + 1; count++) {
        const started = Array(count - warmLeft - left.length).fill(startUsd);
        const grown = [...left, ...started].map((age) => age + 1).sort((a, b) => a - b);
        least = Math.min(least, stoppedUsd + warmLeft + best(t + 1, warmLeft, grown));
      }
    }
    known.set(key, least);
    return least;
  };

  function* stops(warm: number, ages: readonly number[]) {
    for (let warmLeft = 0; warmLeft <= warm; warmLeft++) {
      for (let mask = 0; mask < 2 ** ages.length; mask++) {
        const left = ages.filter((_, i) => mask & (1 << i));
        const stopped = ages.filter((_, i) => !(mask & (1 << i)));
        yield { stoppedUsd: stopped.reduce((sum, age) => sum + billOf(age, false), 0), warmLeft, left };
      }
    }
  }
  return best(0, beginsWarm ? peak : 0, []);
}

const small = fc.record({
  need: fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 6 }),
  startSeconds: fc.constantFrom(0, 30, 60, 150),
  beginsWarm: fc.boolean(),
});

test('without a minimum bill the start-up bound is what the best policy costs', () => {
  fc.assert(
    fc.property(small, ({ need, ...others }) => {
      const bound = component(need, others);
      expect(startUpBoundUsd([bound])).toBeCloseTo(leastBillUsd(bound), 9);
    }),
  );
});

test('no policy costs less than the start-up bound with its minimum bill', () => {
  fc.assert(
    fc.property(small, fc.constantFrom(0.5, 1, 2.5, 5, 12), ({ need, ...others }, minimumBillUsd) => {
      const bound = component(need, { ...others, minimumBillUsd });
      expect(startUpBoundUsd([bound])).toBeLessThanOrEqual(leastBillUsd(bound) + 1e-9);
    }),
  );
});

test('a lone need is billed its minimum, or its start and its window, whichever is more', () => {
  expect(startUpBoundUsd([component([0, 1, 0], { startSeconds: 30 })])).toBe(1.5);
  expect(startUpBoundUsd([component([0, 1, 0], { startSeconds: 30, minimumBillUsd: 5 })])).toBe(5);
});

test('needs far apart are each billed their minimum', () => {
  const need = [1, ...Array(60).fill(0), 1, ...Array(60).fill(0), 1];
  expect(startUpBoundUsd([component(need, { minimumBillUsd: 5 })])).toBe(15);
});

test('each bound is at least the one before it, and peak copies all the time cost at least as much', () => {
  const requests = fc.array(fc.record({ atSeconds: fc.nat(599), seconds: fc.integer({ min: 1, max: 90 }) }));
  const terms = fc.record({ startSeconds: fc.nat(400), minimumBillUsd: fc.nat(10) });
  fc.assert(
    fc.property(requests, fc.integer({ min: 1, max: 8 }), terms, (list, maxConcurrency, others) => {
      const serviceSeconds = list.map(({ seconds }) => seconds);
      const demand = demandWindows({ arrivalUs: list.map((r) => r.atSeconds * 1e6), serviceSeconds }, 60, 600e6);
      const need = Array.from(needByWindow(demand, maxConcurrency));
      const work = serviceSeconds.reduce((sum, seconds) => sum + seconds, 0);

      const workUsd = workBoundUsd([{ copySeconds: work / maxConcurrency, pricePerCopyHourUsd: 60 }]);
      const capacityUsd = capacityBoundUsd([component(need)]);
      const startUpUsd = startUpBoundUsd([component(need, { ...others, beginsWarm: true })]);
      expect(workUsd).toBeLessThanOrEqual(capacityUsd + 1e-6);
      expect(capacityUsd).toBeLessThanOrEqual(startUpUsd + 1e-9);
      expect(startUpUsd).toBeLessThanOrEqual(Math.max(...need) * need.length + 1e-9);
      expect(startUpUsd).toBeLessThanOrEqual(startUpBoundUsd([component(need, others)]) + 1e-9);
    }),
  );
});

test('components add up', () => {
  const pair = [component([1, 0, 2]), component([3, 3], { startSeconds: 600 })];
  expect(capacityBoundUsd(pair)).toBe(9);
  expect(startUpBoundUsd(pair)).toBe(9 + 30);
  expect(
    workBoundUsd([
      { copySeconds: 3600, pricePerCopyHourUsd: 5 },
      { copySeconds: 3600, pricePerCopyHourUsd: 1 },
    ]),
  ).toBe(6);
});
