import { INSTANCE_FACTS } from '../../../core/serving/instance-facts';
import { INSTANCE_PRICES_PER_HOUR_USD } from '../../../core/serving/instance-prices';
import { CATALOGUE } from './catalogue';

test.each(CATALOGUE)('$name has the figures that fleets are built and planned with', (instance) => {
  const facts = INSTANCE_FACTS.get(instance.name!)!;
  expect(INSTANCE_PRICES_PER_HOUR_USD.get(instance.name!)).toBe(instance.pricePerHourUsd);
  expect(facts).toMatchObject({ accelerators: instance.accelerators, vcpus: instance.vcpus });
  expect(facts.memoryGiB).toBe(instance.hostMemoryGib);
  expect(facts.acceleratorMemoryGiB).toBeCloseTo(instance.memoryPerAcceleratorGib!, 1);
});

test('every instance type whose price is known is in it', () => {
  expect(new Set(CATALOGUE.map(({ name }) => name))).toEqual(new Set(INSTANCE_PRICES_PER_HOUR_USD.keys()));
});
