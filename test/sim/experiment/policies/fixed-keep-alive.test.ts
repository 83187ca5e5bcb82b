import { fixedKeepAlivePolicy } from '../../../../sim/experiment/policies/fixed-keep-alive';
import { MINUTE_US } from '../../../../sim/kernel/time-units';
import { live, requestsAt, withSamples } from './cold-chain';

/** Minutes in which each of the three models should have a copy; one request comes at 10 min, its cold starts take 16. */
function minutesWithCopies(keepMinutes: number): number[] {
  const samples: number[][] = [];
  live(requestsAt([10], 300), withSamples(fixedKeepAlivePolicy(keepMinutes), MINUTE_US, samples));
  return [0, 1, 2].map((model) => samples.filter((copies) => copies[model]! > 0).length);
}

test('every model keeps a copy for so long after its last call, and lets go of it then', () => {
  const [short, long] = [minutesWithCopies(60), minutesWithCopies(120)];
  for (const [model, minutes] of short.entries()) {
    expect(minutes).toBeGreaterThan(60);
    // A start comes before, and up to 15 minutes of the service's own alarm after.
    expect(minutes).toBeLessThan(60 + 10 + 15);
    expect(Math.abs(long[model]! - minutes - 60)).toBeLessThanOrEqual(15);
  }
});

test('a request that comes while it is kept meets no cold model, and a later one meets all of them', () => {
  const { log } = live(requestsAt([0, 60, 200], 300), fixedKeepAlivePolicy(90));
  expect([...log.depth]).toEqual([3, 0, 3]);
});
