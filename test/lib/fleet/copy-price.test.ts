import { INSTANCE_FACTS } from '../../../core/serving/instance-facts';
import { INSTANCE_PRICES_PER_HOUR_USD } from '../../../core/serving/instance-prices';
import { InferenceInstanceType } from '../../../lib/fleet/instance-type';
import { copyPricePerHourUsd } from '../../../lib/fleet/private/copy-price';

const { G6_XLARGE, G6_12XLARGE } = InferenceInstanceType;
const ONE_GPU = { accelerators: 1, memoryMiB: 16 * 1024 };

test('a copy costs its share of an instance that is full of such copies', () => {
  expect(copyPricePerHourUsd([G6_12XLARGE], ONE_GPU)).toBeCloseTo(5.752 / 4);
});

test('what is scarcest decides how many copies fit', () => {
  expect(copyPricePerHourUsd([G6_12XLARGE], { ...ONE_GPU, memoryMiB: 90 * 1024 })).toBeCloseTo(5.752 / 2);
});

test('the first type that can hold a copy counts', () => {
  expect(copyPricePerHourUsd([G6_XLARGE, G6_12XLARGE], ONE_GPU)).toBeCloseTo(5.752 / 4);
});

test('without a price, or without knowing what a type has, there is none', () => {
  expect(copyPricePerHourUsd([InferenceInstanceType.of('ml.inf2.24xlarge')], ONE_GPU)).toBeUndefined();
  expect(copyPricePerHourUsd([InferenceInstanceType.of('ml.new.xlarge'), G6_12XLARGE], ONE_GPU)).toBeUndefined();
  expect(copyPricePerHourUsd([], ONE_GPU)).toBeUndefined();
});

test('every priced type is one whose size is known', () => {
  expect([...INSTANCE_PRICES_PER_HOUR_USD.keys()].filter((name) => !INSTANCE_FACTS.has(name))).toEqual([]);
});
