import { componentLoads } from '../../../sim/experiment/component-loads';
import { type FixedCopies, usdPerHourOf } from '../../../sim/experiment/fixed-copies';
import { cheaperSplits, fillPaidRoom } from '../../../sim/experiment/paid-room';
import type { Scenario } from '../../../sim/experiment/scenario';
import { score } from '../../../sim/experiment/score';
import { simulate } from '../../../sim/experiment/simulate';
import { bestStatic, sizeStatic, staticFor } from '../../../sim/experiment/static-fleets';
import { DAY_US } from '../../../sim/kernel/time-units';
import { synthesize } from '../../../sim/workload/synthesize';
import { G7E_12XLARGE } from '../../../sim/world/presets';
import { tiny } from './tiny-scenario';

/** P95 over the span that is scored. */
function p95MsOf(fixedCopies: FixedCopies, seed: number): number {
  const requests = synthesize(tiny.workload, seed);
  const scoreFromUs = tiny.trainingDays * DAY_US;
  const outcome = simulate({ scenario: tiny, world: tiny.world, requests, seed, scoreFromUs, fixedCopies });
  return score(outcome, requests.durationUs - scoreFromUs, tiny.objective.p95Ms).row.p95Ms ?? Infinity;
}

test('the best fleet meets the objective on the scored span, and none with an instance less does', () => {
  const best = bestStatic(tiny, 1);
  const loads = componentLoads(tiny, synthesize(tiny.workload, 1), 1);
  expect(p95MsOf(best, 1)).toBeLessThanOrEqual(tiny.objective.p95Ms);
  expect(best.writer).toBeGreaterThan(1);
  const cheaper = cheaperSplits(tiny, loads, best);
  expect(cheaper).not.toEqual([]);
  for (const copies of cheaper) expect(p95MsOf(copies, 1)).toBeGreaterThan(tiny.objective.p95Ms);
});

test('however a fleet is sized, another copy of anything would cost more', () => {
  const loads = componentLoads(tiny, synthesize(tiny.workload, 0), 0);
  const sizes = [sizeStatic(tiny, 'peak', 0), sizeStatic(tiny, 'mean', 0), bestStatic(tiny, 1), staticFor(tiny, 30, 0)];
  for (const copies of sizes) expect(fillPaidRoom(tiny, loads, copies)).toEqual(copies);
});

describe('equal spend', () => {
  const { pricePerHourUsd } = G7E_12XLARGE;

  test.each([0, 1, 25, 100])('costs at least $%d an hour, and not one instance more than that takes', (usdPerHour) => {
    const spent = usdPerHourOf(tiny, staticFor(tiny, usdPerHour, 0));
    expect(spent).toBeGreaterThanOrEqual(usdPerHour);
    // No fleet has less than one copy of each component, here two instances.
    expect(spent).toBeLessThanOrEqual(Math.max(2 * pricePerHourUsd, usdPerHour + 2 * pricePerHourUsd));
  });

  test('the spend of a fleet gives that fleet, however its sum was rounded', () => {
    const spend = 4 * pricePerHourUsd;
    expect(usdPerHourOf(tiny, staticFor(tiny, spend * (1 + 1e-15), 0))).toBeCloseTo(spend, 9);
  });

  test('copies share instances: two planners take one, and a writer needs one for itself', () => {
    expect(usdPerHourOf(tiny, { planner: 2, writer: 0 })).toBeCloseTo(pricePerHourUsd, 9);
    expect(usdPerHourOf(tiny, { planner: 2, writer: 3 })).toBeCloseTo(4 * pricePerHourUsd, 9);
  });
});

test('an objective that no fleet meets is refused, with the largest fleet that was tried and a remedy', () => {
  const impossible: Scenario = { ...tiny, objective: { p95Ms: 1000 } };
  const message =
    /^no static fleet meets 1000 ms at \d+\.\d\d requests a second, not even one of \d+ planner, \d+ writer: raise objective\.p95Ms, or lower the work of the nodes$/;
  expect(() => bestStatic(impossible, 1)).toThrow(RangeError);
  expect(() => bestStatic(impossible, 1)).toThrow(message);
});
