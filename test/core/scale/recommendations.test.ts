import { type LatencyFit, NO_FIT } from '../../../core/scale/latency-fit';
import { hopelessP95Ms, recommendMaximum } from '../../../core/scale/recommendations';

test.each([
  [7, 10, 28, undefined],
  [8, 10, 32, 11],
  [10, 10, 40, 13],
  [10, 10, 80, 25],
  [1, 1, 2, 2],
])('%i of %i copies under %i concurrent requests at target 4 recommend %p', (desired, max, demand, recommended) => {
  expect(recommendMaximum({ desired, max }, demand, 4)).toBe(recommended);
});

test('an idle copy beyond the objective is hopeless, once the fit is usable', () => {
  const fit: LatencyFit = {
    ...NO_FIT,
    interceptMs: 800,
    slopeMs: 10,
    correction: 1.5,
    levels: [1, 2, 3, 4, 5, 6, 7, 8],
  };
  expect(hopelessP95Ms(fit, 1200)).toBe(1200);
  expect(hopelessP95Ms(fit, 1201)).toBeUndefined();
  expect(hopelessP95Ms({ ...fit, levels: [1] }, 1200)).toBeUndefined();
});

test('an idle P95 that is beyond the objective by less than its error may be noise', () => {
  // Standard error of the idle P95: 1.5 * 1.2533 * 20 ms, about 38 ms.
  const fit: LatencyFit = {
    ...NO_FIT,
    interceptMs: 800,
    slopeMs: 10,
    correction: 1.5,
    residualMs: 20,
    covariance: [1, 0, 1],
    levels: [1, 2, 3, 4, 5, 6, 7, 8],
  };
  expect(hopelessP95Ms(fit, 1090)).toBeUndefined();
  expect(hopelessP95Ms(fit, 1080)).toBe(1200);
});
