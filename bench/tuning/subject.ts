import { tunerPolicy } from '../../sim/experiment/policies/tuner.ts';
import type { Policy } from '../../sim/experiment/policy.ts';
import { simulate } from '../../sim/experiment/simulate.ts';
import { synthesize } from '../../sim/workload/synthesize.ts';
import { HIGH_RESOLUTION, inferenceComponent32b, singleGpuFleet } from '../../sim/world/presets.ts';

const HOURS = 24;
const HOUR_US = 3600e6;

/** Long beside a start of a copy, so that what is left of a step shows. */
export const STEP = { startHours: 12, durationMinutes: 240, factor: 3 };

/** P95 of whole runs. */
export const OBJECTIVE_MS = 30_000;

/** The highest target with which target tracking alone keeps the objective. */
export const RIGHT_TARGET = 14;

const RUNS_PER_SECOND = 4;

/** Of all copies together, on average. */
const CONCURRENT_RUNS = 80;

/** Columns over time. */
export interface Trace {
  /** End of each look, since the first request. */
  readonly hours: readonly number[];
  /** Concurrent requests per copy that target tracking holds. */
  readonly targets: readonly number[];
  /** Of the runs that came since the look before; those that failed took for ever. */
  readonly p95Seconds: readonly number[];
  readonly copies: readonly number[];
  /** Of the whole day. */
  readonly costUsd: number;
}

export interface TraceOptions {
  readonly target: number;
  readonly isTuned: boolean;
  readonly hasStep: boolean;
  readonly seed: number;
  readonly lookMinutes: number;
}

/** A day of an agent that searches and then answers, with a steady load; only the answer has copies. */
export function trace({ target, isTuned, hasStep, seed, lookMinutes }: TraceOptions): Trace {
  const requests = synthesize(
    {
      days: HOURS / 24,
      meanRatePerSecond: RUNS_PER_SECOND,
      hourFactors: Array<number>(24).fill(1),
      clients: [{ cv: 1.2 }],
      ...(hasStep && { spikes: [STEP] }),
      promptTokens: { lognormal: { p50: 1020, p95: 4083 }, max: 14_050 },
      outputTokens: { lognormal: { p50: 258, p95: 902 }, max: 1400 },
    },
    seed,
  );
  const lookUs = lookMinutes * 60e6;
  const targets: number[] = [];
  const copies: number[] = [];
  const watch: Policy = ({ timeline, world }) => {
    const { autoscaler, pool } = world.models[0]!;
    const look = {
      act() {
        targets.push(autoscaler!.targetConcurrency);
        copies.push(pool.inService);
        timeline.at(timeline.nowUs + lookUs, look);
      },
    };
    timeline.at(lookUs, look);
    return {};
  };
  const { log, costUsd } = simulate({
    scenario: {
      agent: {
        timeoutMs: 300_000,
        nodes: [
          { id: 'search', needs: [], component: 'search' },
          { id: 'answer', needs: ['search'], component: 'writer' },
        ],
      },
      objective: { p95Ms: OBJECTIVE_MS },
    },
    world: {
      fleets: { gpu: { ...singleGpuFleet, maxInstances: 64 } },
      components: {
        search: { kind: 'tool', durationMs: 200 },
        writer: {
          ...inferenceComponent32b,
          scaling: {
            ...inferenceComponent32b.scaling,
            rule: { ...HIGH_RESOLUTION, statistic: 'average' },
            minCopies: 1,
            maxCopies: 48,
            targetConcurrency: target,
          },
        },
      },
    },
    requests,
    seed,
    scoreFromUs: 0,
    initialCopies: { writer: Math.ceil(CONCURRENT_RUNS / target) },
    policies: isTuned ? [watch, tunerPolicy()] : [watch],
  });
  const looks = Math.floor((HOURS * HOUR_US) / lookUs);
  const latencies = Array.from({ length: looks }, (): number[] => []);
  for (let request = 0; request < requests.count; request++) {
    latencies[Math.floor(requests.arrivalUs[request]! / lookUs)]?.push(log.latencyUs[request]!);
  }
  return {
    hours: latencies.map((_, at) => ((at + 1) * lookMinutes) / 60),
    targets: targets.slice(0, looks),
    p95Seconds: latencies.map((each) => percentile95(each) / 1e6),
    copies: copies.slice(0, looks),
    costUsd,
  };
}

/** By nearest rank. */
function percentile95(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.ceil(0.95 * values.length) - 1] ?? 0;
}
