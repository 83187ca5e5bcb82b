import { lognormal, type RandomStream, randomStream } from '../../../sim/kernel/random';

const draws = (random: RandomStream, count: number) => Array.from({ length: count }, () => random.uniform());

test('the same seed, entity and purpose give the same stream', () => {
  expect(draws(randomStream(7, 'writer', 'cold-start'), 5)).toEqual(draws(randomStream(7, 'writer', 'cold-start'), 5));
});

test.each([
  [8, 'writer', 'cold-start'],
  [7, 'planner', 'cold-start'],
  [7, 'writer', 'routing'],
  [7, 'writercold', '-start'],
])('another seed, entity or purpose gives another stream: %p %p %p', (seed, entity, purpose) => {
  expect(draws(randomStream(seed, entity, purpose), 5)).not.toEqual(draws(randomStream(7, 'writer', 'cold-start'), 5));
});

test('draws are uniform in [0, 1)', () => {
  const values = draws(randomStream(1, 'a', 'b'), 20_000);
  const deciles = Array.from({ length: 10 }, (_, i) => values.filter((value) => Math.floor(value * 10) === i).length);
  for (const count of deciles) expect(Math.abs(count - 2000)).toBeLessThan(200);
});

test('lognormal draws have the median and the coefficient of variation asked for', () => {
  const random = randomStream(1, 'a', 'b');
  const values = Array.from({ length: 20_000 }, () => lognormal(random, 100, 0.35)).sort((a, b) => a - b);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  expect(values[10_000]).toBeCloseTo(100, -0.5);
  expect(Math.abs(deviation / mean - 0.35)).toBeLessThan(0.01);
});
