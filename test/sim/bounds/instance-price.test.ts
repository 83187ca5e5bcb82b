import fc from 'fast-check';
import { leastBillUsd } from '../../../sim/bounds/instance-price';
import { Fleet } from '../../../sim/hosting/fleet';
import { randomStream } from '../../../sim/kernel/random';
import { Timeline } from '../../../sim/kernel/timeline';

const instance = (accelerators: number, vcpus: number, memoryMiB: number, pricePerHourUsd: number) => ({
  ...{ type: `${accelerators}`, accelerators, vcpus, memoryMiB, pricePerHourUsd },
  ...{ provisionSeconds: 0, provisionVariation: 0, imageCached: true },
});

/** What an hour of one copy of each costs. */
const hourUsd = (priced: readonly { pricePerCopyHourUsd: number }[]) =>
  priced.reduce((sum, { pricePerCopyHourUsd }) => sum + pricePerCopyHourUsd, 0);

test('copies that use what others leave are not charged for it', () => {
  const gpu = { needs: { accelerators: 2, vcpus: 8, memoryMiB: 10 } };
  const cpu = { needs: { accelerators: 0, vcpus: 16, memoryMiB: 10 } };
  // All three fit onto one instance of 10 USD.
  expect(leastBillUsd([instance(2, 48, 100, 10)], [gpu, cpu, cpu], hourUsd)).toBe(10);
  expect(leastBillUsd([instance(2, 48, 100, 10)], [cpu], hourUsd)).toBeCloseTo(10 / 3, 12);
  expect(leastBillUsd([instance(2, 48, 100, 10)], [], hourUsd)).toBe(0);
});

test('each resource is charged at the type that has it cheapest', () => {
  const needs = { accelerators: 1, vcpus: 1, memoryMiB: 1 };
  expect(leastBillUsd([instance(1, 10, 10, 10), instance(4, 10, 10, 20)], [{ needs }], hourUsd)).toBe(5);
});

test('no packing of any copies onto any types costs less', () => {
  const needs = fc.record({ accelerators: fc.nat(2), vcpus: fc.nat(8), memoryMiB: fc.nat(64) });
  const types = fc.array(
    fc.tuple(fc.integer({ min: 2, max: 8 }), fc.integer({ min: 8, max: 64 }), fc.integer({ min: 1, max: 9 })),
    {
      minLength: 1,
      maxLength: 3,
    },
  );
  fc.assert(
    fc.property(fc.array(needs, { maxLength: 12 }), types, (copies, shapes) => {
      const instances = shapes.map(([accelerators, vcpus, price]) => instance(accelerators, vcpus, 64, price));
      const scaleIn = { strategy: 'IDLE_RELEASE' as const, cooldownMinutes: 5, maxStep: 1 };
      const model = { instances, minInstances: 0, maxInstances: 99, scaleIn };
      const fleet = new Fleet(model, new Timeline(), randomStream(1, 'fleet', 'instances'));
      for (const [at, each] of copies.entries()) fleet.placeStarted(`${at}`, each);
      const bound = leastBillUsd(
        instances,
        copies.map((each) => ({ needs: each })),
        hourUsd,
      );
      expect(bound).toBeLessThanOrEqual(fleet.costUsd(0, 3600e6) + 1e-9);
    }),
  );
});
