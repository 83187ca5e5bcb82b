import * as fc from 'fast-check';
import { CapacityShortage } from '../../../sim/hosting/capacity-shortage';
import { randomStream } from '../../../sim/kernel/random';

/** What is seen of a shortage, one look a minute. */
function looks(model: ConstructorParameters<typeof CapacityShortage>[0], count: number, everyMinutes = 1): boolean[] {
  const shortage = new CapacityShortage(model);
  const random = randomStream(7, 'zone', 'shortage');
  return Array.from({ length: count }, (_, at) => shortage.isShort(at * everyMinutes * 60e6, random.uniform()));
}

const shareOf = (seen: readonly boolean[]) => seen.filter(Boolean).length / seen.length;

/** Minutes from the first look at a shortage to the first after it. */
function lengths(seen: readonly boolean[]): number[] {
  const changes = seen.flatMap((isShort, at) => (at > 0 && isShort !== seen[at - 1] ? [at] : []));
  return changes.slice(1).flatMap((at, i) => (seen[changes[i]!] ? [at - changes[i]!] : []));
}

test('in the long run it takes its share of the time', () => {
  for (const share of [0.1, 0.5, 0.9]) {
    expect(shareOf(looks({ insufficientCapacity: share, shortageMinutes: 30 }, 200_000))).toBeCloseTo(share, 1);
  }
});

test('a shortage lasts as long as its mean says', () => {
  const seen = lengths(looks({ insufficientCapacity: 0.2, shortageMinutes: 45 }, 200_000));
  const mean = seen.reduce((sum, minutes) => sum + minutes, 0) / seen.length;
  expect(Math.abs(mean / 45 - 1)).toBeLessThan(0.1);
});

test('two looks at one moment see the same, and two far apart are independent', () => {
  const model = { insufficientCapacity: 0.3, shortageMinutes: 60 };
  const seen = looks(model, 1000, 0);
  expect(new Set(seen).size).toBe(1);
  const apart = looks(model, 20_000, 10_000);
  const again = apart.filter((isShort, at) => at > 0 && isShort && apart[at - 1]).length;
  expect(again / apart.length).toBeCloseTo(0.09, 1);
});

test('without a share there is no shortage, and with all of it nothing else', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat(1e9), (uniform, atUs) => {
      expect(new CapacityShortage({}).isShort(atUs, uniform)).toBe(false);
      const always = new CapacityShortage({ insufficientCapacity: 1 });
      expect(always.isShort(atUs, uniform)).toBe(true);
      expect(always.isShort(atUs + 1e9, uniform)).toBe(true);
    }),
  );
});
