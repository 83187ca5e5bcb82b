import fc from 'fast-check';
import { type Copies, fits, leastInstances, pack, type Resources, totalOf } from '../../../lib/fleet/private/packing';

const G6_12XLARGE: Resources = { accelerators: 4, cpuCores: 48, memoryMiB: 191 * 1024 };

function copies(count: number, accelerators: number, memoryMiB = 1024, cpuCores = 0): Copies {
  return { count, each: { accelerators, cpuCores, memoryMiB } };
}

test.each([
  ['nothing', [], 0],
  ['four copies on one GPU each', [copies(4, 1)], 1],
  ['five copies on one GPU each', [copies(5, 1)], 2],
  ['copies that each take more than half of the GPUs', [copies(3, 3)], 3],
  ['copies for which memory is what lacks', [copies(4, 1, 100 * 1024)], 4],
  ['copies for which vCPUs are what lacks', [copies(4, 1, 1024, 20)], 2],
  ['small copies beside large ones', [copies(2, 3), copies(2, 1)], 2],
  ['zero copies', [copies(0, 4)], 0],
])('%s', (_, group, instances) => {
  expect(leastInstances(group, G6_12XLARGE)).toBe(instances);
  expect(pack(group, G6_12XLARGE)).toHaveLength(instances);
});

test('what needs an accelerator needs endlessly many instances without one', () => {
  expect(leastInstances([copies(1, 1)], { ...G6_12XLARGE, accelerators: 0 })).toBe(Number.POSITIVE_INFINITY);
});

const instance: Resources = { accelerators: 8, cpuCores: 32, memoryMiB: 65_536 };

/** Groups of copies of which each fits on the instance. */
const groups = fc.array(
  fc.record({
    count: fc.integer({ min: 0, max: 12 }),
    each: fc.record({
      accelerators: fc.integer({ min: 0, max: 8 }),
      cpuCores: fc.integer({ min: 0, max: 128 }).map((quarters) => quarters / 4),
      memoryMiB: fc.integer({ min: 128, max: 65_536 }),
    }),
  }),
  { maxLength: 6 },
);

test('a packing holds every copy, and no instance more than it has', () => {
  fc.assert(
    fc.property(groups, (group) => {
      const instances = pack(group, instance);
      for (const placed of instances) {
        expect(fits(totalOf(placed.map((each) => ({ count: 1, each }))), instance)).toBe(true);
      }
      expect(totalOf(instances.flat().map((each) => ({ count: 1, each })))).toEqual(totalOf(group));
    }),
  );
});

test('the bound from below is never above a packing', () => {
  fc.assert(fc.property(groups, (group) => leastInstances(group, instance) <= pack(group, instance).length));
});

test('another copy never lowers the bound from below', () => {
  fc.assert(
    fc.property(groups, groups, (group, more) => {
      expect(leastInstances([...group, ...more], instance)).toBeGreaterThanOrEqual(leastInstances(group, instance));
    }),
  );
});
