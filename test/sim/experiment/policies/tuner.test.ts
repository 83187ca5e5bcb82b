import { tune } from '../../../../core/scale';
import type { AgentModel } from '../../../../sim/agent/agent-model';
import { tunerPolicy } from '../../../../sim/experiment/policies/tuner';
import type { Policy } from '../../../../sim/experiment/policy';
import { score } from '../../../../sim/experiment/score';
import { simulate } from '../../../../sim/experiment/simulate';
import { HOUR_US, MINUTE_US } from '../../../../sim/kernel/time-units';
import { synthesize } from '../../../../sim/workload/synthesize';
import { inferenceComponent32b, singleGpuFleet } from '../../../../sim/world/presets';

const SCORED_HOURS = 8;

/** A steady load of long answers: few requests keep copies busy. */
const requests = synthesize(
  {
    days: 1,
    meanRatePerSecond: 0.3,
    hourFactors: Array<number>(24).fill(1),
    promptTokens: { lognormal: { p50: 500, p95: 1000 } },
    outputTokens: { lognormal: { p50: 3000, p95: 4500 } },
  },
  1,
);

const agent: AgentModel = {
  timeoutMs: 900_000,
  nodes: [
    { id: 'search', needs: [], component: 'search' },
    { id: 'answer', needs: ['search'], component: 'writer' },
  ],
};

/** At its P95 a request alone takes 99 s. */
const STRICT_MS = 160_000;
const LOOSE_MS = 200_000;

interface Tuned {
  readonly p95Ms: number;
  readonly costUsd: number;
  readonly latencyUs: Float64Array;
  /** The writer's target and minimum, each minute. */
  readonly targets: readonly number[];
  readonly minima: readonly number[];
}

function live(target: number, objectiveMs: number, policies: readonly Policy[]): Tuned {
  const targets: number[] = [];
  const minima: number[] = [];
  const watch: Policy = ({ timeline, world }) => {
    const { autoscaler } = world.models[0]!;
    const look = {
      act() {
        targets.push(autoscaler!.targetConcurrency);
        minima.push(autoscaler!.minCopies);
        timeline.at(timeline.nowUs + MINUTE_US, look);
      },
    };
    timeline.at(MINUTE_US, look);
    return {};
  };
  const outcome = simulate({
    scenario: { agent, objective: { p95Ms: objectiveMs } },
    world: {
      fleets: { gpu: singleGpuFleet },
      components: {
        search: { kind: 'tool', durationMs: 200 },
        writer: {
          ...inferenceComponent32b,
          answerLimitSeconds: 900,
          scaling: { ...inferenceComponent32b.scaling, minCopies: 1, maxCopies: 10, targetConcurrency: target },
        },
      },
    },
    requests,
    seed: 1,
    scoreFromUs: requests.durationUs - SCORED_HOURS * HOUR_US,
    policies: [watch, ...policies],
  });
  const { row } = score(outcome, SCORED_HOURS * HOUR_US, objectiveMs);
  return { p95Ms: row.p95Ms!, costUsd: row.costUsd, latencyUs: outcome.log.latencyUs, targets, minima };
}

const overloaded = live(64, STRICT_MS, []);
const relieved = live(64, STRICT_MS, [tunerPolicy()]);

test('a target that overloads its copies is lowered until the objective is met', () => {
  expect(overloaded.p95Ms).toBeGreaterThan(1.2 * STRICT_MS);
  expect(relieved.p95Ms).toBeLessThan(STRICT_MS);
  expect(relieved.targets.at(-1)).toBeLessThan(0.75 * 64);
});

test('a target that leaves copies idle is raised, to less than half the cost within the objective', () => {
  const wasteful = live(4, LOOSE_MS, []);
  const tuned = live(4, LOOSE_MS, [tunerPolicy()]);
  expect(tuned.costUsd).toBeLessThan(0.5 * wasteful.costUsd);
  expect(tuned.p95Ms).toBeLessThan(LOOSE_MS);
});

test('a target is written at most four times an hour, and lowered by a quarter at most', () => {
  const { targets } = relieved;
  const changes = targets.map((target, at) => target / (targets[at - 1] ?? 64));
  expect(Math.min(...changes)).toBeCloseTo(0.75);
  const perHour = changes.map((_, at) => changes.slice(at, at + 60).filter((change) => change !== 1).length);
  expect(Math.max(...perHour)).toBeGreaterThan(0);
  expect(Math.max(...perHour)).toBeLessThanOrEqual(4);
});

test('with its mechanisms off it changes nothing', () => {
  const idle = tunerPolicy({ mechanisms: { targets: false, forecastFloor: false, burstGuard: false } });
  expect(live(64, STRICT_MS, [idle])).toEqual(overloaded);
});

test('what decides at each tick can be another', () => {
  const idle = tunerPolicy({ decide: (state) => ({ state, actions: [], reasons: [] }) });
  expect(live(64, STRICT_MS, [idle])).toEqual(overloaded);
});

test.each([
  ['grows as long as runs leave it unused', {}, 2],
  ['stays as it was split where that is fixed', { fixed: ['stretch'] }, 1],
] as const)('the objective of a component %s', (_, options, least) => {
  const objectives = new Set<number>();
  const decide: typeof tune = (state, observation, config, nowMs) => {
    objectives.add(config.components.writer!.objectiveMs);
    return tune(state, observation, config, nowMs);
  };
  live(8, LOOSE_MS, [tunerPolicy({ ...options, decide })]);
  expect([...objectives]).toEqual([...objectives].sort((a, b) => a - b));
  expect(Math.min(2, objectives.size)).toBe(least);
});

test('without targets it moves minima only', () => {
  const { targets, minima } = live(16, STRICT_MS, [tunerPolicy({ mechanisms: { targets: false } })]);
  expect(new Set(targets)).toEqual(new Set([16]));
  expect(Math.max(...minima)).toBeGreaterThan(1);
});

test('the same seed gives the same outcome', () => {
  expect(live(64, STRICT_MS, [tunerPolicy()])).toEqual(relieved);
});
