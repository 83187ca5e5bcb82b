import { MINUTE_MS } from '../../../core/time-units';
import { declineMs } from '../../../core/warm/decline';

test.each([
  { times: 0.5, minutes: 1 },
  { times: 1.5, minutes: 1 },
  { times: 5, minutes: 4 },
  { times: 1_000, minutes: 15 },
])('what costs $times times of what it saves need not be asked for again for $minutes min', ({ times, minutes }) => {
  expect(declineMs({ benefitUsd: 0.5, costUsd: times * 0.5 })).toBe(minutes * MINUTE_MS);
});

test('what saves nothing need not be asked for as long as anything', () => {
  expect(declineMs({ benefitUsd: 0, costUsd: 0 })).toBe(15 * MINUTE_MS);
});
