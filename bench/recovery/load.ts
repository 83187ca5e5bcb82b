import type { Scenario } from '../../sim/experiment/scenario.ts';
import { support } from '../../sim/scenarios/support.ts';
import type { Spike } from '../../sim/workload/synthetic.ts';

export const HOUR_US = 3600e6;

/** The support scenario, its agent, world and clients, at a rate that stays but for one step. */
export function steadySupport(hours: number, requestsPerSecond: number, step?: Spike): Scenario {
  const { spikes: _, ...workload } = support.workload;
  return {
    ...support,
    trainingDays: 0,
    workload: {
      ...workload,
      days: hours / 24,
      meanRatePerSecond: requestsPerSecond,
      hourFactors: Array<number>(24).fill(1),
      ...(step && { spikes: [step] }),
    },
  };
}
