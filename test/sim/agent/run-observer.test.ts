import { simulate } from '../../../sim/experiment/simulate';
import { synthesize } from '../../../sim/workload/synthesize';
import { inferenceComponent8b, singleGpuFleet } from '../../../sim/world/presets';

const requests = synthesize(
  { days: 0.02, meanRatePerSecond: 1, promptTokens: 500, outputTokens: { lognormal: { p50: 200, p95: 800 } } },
  1,
);

/** @param component overrides of the one model */
function observe(timeoutMs: number, component = {}) {
  const seen = { starts: 0, ends: 0, fails: 0, retryUs: 0, longestFailUs: 0 };
  simulate({
    scenario: {
      agent: { timeoutMs, nodes: [{ id: 'answer', needs: [], component: 'writer', items: 2 }] },
      objective: { p95Ms: 10_000 },
    },
    world: {
      fleets: { gpu: singleGpuFleet },
      components: {
        writer: {
          ...inferenceComponent8b,
          scaling: { ...inferenceComponent8b.scaling, minCopies: 1, maxCopies: 1 },
          ...component,
        },
      },
    },
    requests,
    seed: 1,
    scoreFromUs: 0,
    policies: [
      () => ({
        onCallStart: () => {
          seen.starts++;
        },
        onCallEnd: (_component, _latencyUs, _coldUs, retryUs) => {
          seen.ends++;
          seen.retryUs += retryUs;
        },
        onCallFail: (_component, latencyUs) => {
          seen.fails++;
          seen.longestFailUs = Math.max(seen.longestFailUs, latencyUs);
        },
      }),
    ],
  });
  return seen;
}

test('every call that starts ends', () => {
  const seen = observe(900_000);
  expect(seen).toEqual({
    starts: 2 * requests.count,
    ends: 2 * requests.count,
    fails: 0,
    retryUs: 0,
    longestFailUs: 0,
  });
});

test('or fails with its run, when that is given up', () => {
  const { starts, ends, fails, longestFailUs } = observe(4000);
  expect(fails).toBeGreaterThan(0);
  expect(starts).toBe(ends + fails);
  expect(longestFailUs).toBeLessThanOrEqual(4000e3);
});

test('a call tells how long it waited between tries', () => {
  expect(observe(900_000, { maxConcurrencyPerCopy: 2 }).retryUs).toBeGreaterThan(0);
});
