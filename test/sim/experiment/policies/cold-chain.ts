import type { AgentModel } from '../../../../sim/agent/agent-model';
import type { Policy } from '../../../../sim/experiment/policy';
import { type RunOutcome, type RunSettings, simulate } from '../../../../sim/experiment/simulate';
import { MINUTE_US } from '../../../../sim/kernel/time-units';
import type { RequestList } from '../../../../sim/workload/request-list';
import type { ModelComponent } from '../../../../sim/world/model-component';
import { inferenceComponent8b, singleGpuFleet } from '../../../../sim/world/presets';
import type { WorldModel } from '../../../../sim/world/world-model';
import { requestsOf } from '../../workload/support';

/** Three models in a chain, all at zero copies when nobody calls them. */
export const chain: AgentModel = {
  timeoutMs: 3_600_000,
  nodes: ['a', 'b', 'c'].map((id, at, ids) => ({ id, needs: ids.slice(Math.max(0, at - 1), at), component: `m${id}` })),
};

export const world = worldOf(['ma', 'mb', 'mc']);

export function worldOf(models: readonly string[]): WorldModel {
  return {
    fleets: { gpu: singleGpuFleet },
    components: Object.fromEntries(models.map((name) => [name, inferenceComponent8b])),
  };
}

/** A request at each of these minutes. */
export function requestsAt(minutes: readonly number[], endMinutes: number): RequestList {
  return requestsOf(
    minutes.map((minute) => [Math.round(minute * MINUTE_US), 300, 100] as const),
    endMinutes * MINUTE_US,
  );
}

export function live(requests: RequestList, policy: Policy, settings: Partial<RunSettings> = {}): RunOutcome {
  const scenario = { agent: chain, objective: { p95Ms: 20_000 } };
  return simulate({ scenario, world, requests, seed: 1, scoreFromUs: 0, policies: [policy], ...settings });
}

/** Looks at the copies that each model should have beside another policy, at even intervals. */
export function withSamples(policy: Policy, everyUs: number, samples: number[][]): Policy {
  return watchEvery(everyUs, policy, ({ pool }) => pool.desired, samples);
}

export function watchEvery(
  everyUs: number,
  policy: Policy,
  look: (model: ModelComponent) => number,
  samples: number[][],
): Policy {
  return (context) => {
    const {
      timeline,
      world: { models },
    } = context;
    const watch = {
      act: () => {
        samples.push(models.map(look));
        timeline.at(timeline.nowUs + everyUs, watch);
      },
    };
    timeline.at(everyUs, watch);
    return policy(context);
  };
}
