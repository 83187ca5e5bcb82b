import { INSTANCE_PRICES_PER_HOUR_USD } from '../../../core/serving/instance-prices';
import { INSTANCE_OFFERS } from '../../../sim/planner/instance-offers';

test('every type with a price is offered, by the name of its accelerator', () => {
  expect(INSTANCE_OFFERS.map(({ type }) => type)).toEqual([...INSTANCE_PRICES_PER_HOUR_USD.keys()]);
  expect(INSTANCE_OFFERS.filter(({ accelerator }) => !accelerator)).toEqual([]);
});

test('an offer has what the host leaves to copies', () => {
  const offer = INSTANCE_OFFERS.find(({ type }) => type === 'ml.g6.12xlarge');
  expect(offer).toMatchObject({
    accelerator: 'L4',
    accelerators: 4,
    vcpus: 48,
    memoryMiB: 191 * 1024,
    pricePerHourUsd: 5.752,
  });
});
