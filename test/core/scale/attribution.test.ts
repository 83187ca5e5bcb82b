import { attributeBreach } from '../../../core/scale/attribution';

const calm = { concurrencyPerCopy: 7.9, target: 10, queued: 0, rejects: 0, waitShare: 0.2 };

test('a breach with idle copies, no queue and no waiting is not caused by load', () => {
  expect(attributeBreach(calm)).toEqual({
    loadCaused: false,
    reason: 'not capacity: concurrency 7.9 is far below target 10, nothing queued or refused',
  });
});

test.each([
  ['80 % of the target concurrency', { concurrencyPerCopy: 8 }, 'concurrency 8 at target 10'],
  ['a queue', { queued: 1 }, '1 queued, 0 refused'],
  ['refused requests', { rejects: 2 }, '0 queued, 2 refused'],
  ['waiting beyond a fifth of the latency', { waitShare: 0.21 }, '21 % of the latency is waiting'],
])('%s makes a breach one of load', (_, sign, cause) => {
  expect(attributeBreach({ ...calm, ...sign })).toEqual({ loadCaused: true, reason: `caused by load: ${cause}` });
});

test('without a copy there is no concurrency to blame', () => {
  expect(attributeBreach({ ...calm, concurrencyPerCopy: undefined }).loadCaused).toBe(false);
});
