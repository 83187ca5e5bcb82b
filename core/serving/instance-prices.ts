/**
 * What an hour of an instance type costs as a SageMaker endpoint, in US dollars.
 *
 * us-west-2, on demand, real-time hosting (https://aws.amazon.com/sagemaker/ai/pricing/), November 2026. Those of other Regions differ,
 * and discounts are not in them. `PRICES_AS_OF` tells it to users.
 */
export const INSTANCE_PRICES_PER_HOUR_USD: ReadonlyMap<string, number> = new Map([
  ...family('g5', {
    xlarge: 1.408,
    '2xlarge': 1.515,
    '4xlarge': 2.03,
    '8xlarge': 3.06,
    '12xlarge': 7.09,
    '24xlarge': 10.18,
    '48xlarge': 20.36,
  }),
  ...family('g6', {
    xlarge: 1.1267,
    '2xlarge': 1.222,
    '4xlarge': 1.654,
    '8xlarge': 2.518,
    '12xlarge': 5.752,
    '24xlarge': 8.344,
    '48xlarge': 16.688,
  }),
  ...family('g6e', {
    xlarge: 2.6054,
    '2xlarge': 2.8026,
    '4xlarge': 3.7553,
    '8xlarge': 5.6607,
    '12xlarge': 13.1158,
    '24xlarge': 18.832,
    '48xlarge': 37.664,
  }),
  ...family('g7e', { '2xlarge': 4.2039, '12xlarge': 10.3576, '48xlarge': 41.43 }),
  ...family('p4d', { '24xlarge': 25.251286 }),
  ...family('p5', { '48xlarge': 63.296 }),
]);

function family(name: string, prices: Readonly<Record<string, number>>): (readonly [string, number])[] {
  return Object.entries(prices).map(([size, priceUsd]) => [`ml.${name}.${size}`, priceUsd]);
}
