import { attributeBreach } from '../../../core/scale/attribution';
import { type LatencyFit, NO_FIT } from '../../../core/scale/latency-fit';

const calm = {
  concurrencyPerCopy: 7.9,
  target: 10,
  rejects: 0,
  waitShare: 0.2,
  fit: NO_FIT,
  objectiveMs: 1000,
};

const fitted: LatencyFit = { ...NO_FIT, interceptMs: 400, slopeMs: 50, levels: [1, 2, 3, 4, 5, 6, 7, 8] };

test('a breach with idle copies, no queue and no waiting is not caused by load', () => {
  expect(attributeBreach(calm)).toEqual({
    loadCaused: false,
    reason: 'not capacity: concurrency 7.9 is far below target 10, nothing refused',
  });
});

test.each([
  ['80 % of the target concurrency', { concurrencyPerCopy: 8 }, 'concurrency 8 at target 10'],
  ['refused requests', { rejects: 2 }, '2 refused'],
  ['waiting beyond a fifth of the latency', { waitShare: 0.21 }, '21 % of the latency is waiting'],
])('%s makes a breach one of load', (_, sign, cause) => {
  expect(attributeBreach({ ...calm, ...sign })).toEqual({ loadCaused: true, reason: `caused by load: ${cause}` });
});

test('without a copy there is no concurrency to blame', () => {
  expect(attributeBreach({ ...calm, concurrencyPerCopy: undefined }).loadCaused).toBe(false);
});

test.each([
  ['over a fifth of the P95', fitted, 1900, true],
  ['a fifth of the P95', fitted, 2000, false],
  ['a share that no usable fit tells', { ...fitted, levels: [1, 2] }, 1900, false],
])('concurrency that adds %s is load: %#', (_, fit, p95Ms, loadCaused) => {
  // 8 of 48 concurrent requests at 50 ms each: 400 ms.
  const signs = { ...calm, concurrencyPerCopy: 8, target: 48, fit, latency: { p95Ms } };
  expect(attributeBreach(signs).loadCaused).toBe(loadCaused);
});

test.each([
  ['an idle copy that is in time', { interceptMs: 999 }, true],
  ['an idle copy that misses the objective', { interceptMs: 1000 }, false],
  ['an idle copy that misses it as things are now', { interceptMs: 800, correction: 1.3 }, false],
])('what concurrency adds is worth sparing for %s: %#', (_, line, loadCaused) => {
  const signs = { ...calm, concurrencyPerCopy: 8, target: 48, fit: { ...fitted, ...line }, latency: { p95Ms: 1900 } };
  expect(attributeBreach(signs).loadCaused).toBe(loadCaused);
});
