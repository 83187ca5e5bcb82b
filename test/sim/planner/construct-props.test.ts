import { propsOf } from './support';

test('the numbers stand under the names of the constructs', () => {
  const resources = { accelerators: 1, cpuCores: 4, memoryMiB: 32_768 };
  expect(propsOf(['expert', 'writer'])).toEqual({
    fleet: { instanceTypes: ['ml.g7e.12xlarge'], minInstances: 1, maxInstances: 4 },
    components: {
      expert: { resources, autoScaleCopies: { min: 0, max: 3, targetConcurrency: 8 } },
      writer: { resources, autoScaleCopies: { min: 1, max: 3, targetConcurrency: 8 } },
    },
  });
});

test('a fleet may disappear only if no component always has a copy', () => {
  expect(propsOf(['expert']).fleet.minInstances).toBe(0);
});
