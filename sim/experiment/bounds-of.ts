import { planAgent } from '../agent/agent-plan';
import { capacityBoundUsd } from '../bounds/capacity-bound';
import { leastCopySeconds } from '../bounds/copy-seconds';
import { demandWindows, needByWindow } from '../bounds/demand';
import { leastBillUsd } from '../bounds/instance-price';
import { type StartUpNeed, startUpBoundUsd } from '../bounds/start-up-bound';
import { type TotalWork, workBoundUsd } from '../bounds/work-bound';
import { mean } from '../statistics/moments';
import { quantile } from '../statistics/quantile';
import { firstFrom } from '../workload/span';
import { synthesize } from '../workload/synthesize';
import type { ImportedModelModel, InferenceComponentModel, WorldModel } from '../world/world-model';
import { playAlone } from './play-alone';
import { copyCostsOf } from './policies/copy-price';
import type { BoundsSummary } from './result';
import { type Scenario, trainingUs } from './scenario';

const WINDOW_SECONDS = 60;

/**
 * What no deployment of the scenario undercuts that answers the requests of one seed.
 *
 * The cost is bounded by the requests of the scored span, but for those so late that they may be answered after its end,
 * when nothing is billed any more; shared prefixes are as if each copy had them for nothing.
 */
export function boundsOf(scenario: Scenario, seed: number): BoundsSummary {
  const { agent, world } = scenario;
  const requests = synthesize(scenario.workload, seed);
  const components = Object.keys(world.components);
  const plan = planAgent(agent, components, { isSequential: false, isPrefixFree: true });
  const scoreFromUs = trainingUs(scenario);
  const firstScored = firstFrom(requests, scoreFromUs);
  const lastAnsweredUs = requests.durationUs - plan.timeoutUs;

  const models = components.map((name) => world.components[name]!);
  const calls = models.map(() => ({ arrivalUs: [] as number[], serviceSeconds: [] as number[] }));
  const context = { plan, components, worldModel: world, requests, seed };
  const latencyUs = playAlone(
    context,
    (component, callUs, work, request) => {
      const model = models[component]!;
      if (model.kind === 'tool' || requests.arrivalUs[request]! > lastAnsweredUs) return;
      calls[component]!.arrivalUs.push(callUs);
      calls[component]!.serviceSeconds.push(leastCopySeconds(model, work));
    },
    firstScored,
  );

  const needs = models.flatMap((model, at): ModelNeed[] => {
    if (model.kind === 'tool') return [];
    const copies = demandWindows(calls[at]!, WINDOW_SECONDS, requests.durationUs);
    return [{ model, ...needOf(model, copies.subarray(Math.floor(scoreFromUs / 1e6 / WINDOW_SECONDS))) }];
  });
  return {
    workUsd: leastUsd(world, needs, workBoundUsd),
    capacityUsd: leastUsd(world, needs, capacityBoundUsd),
    startUpUsd: leastUsd(world, needs, startUpBoundUsd),
    p95Ms: latencyUs.length === 0 ? 0 : quantile(latencyUs, 0.95) / 1000,
  };
}

/** Of every seed, averaged as costs and latencies are. @throws RangeError without seeds */
export function meanBoundsOf(scenario: Scenario, seeds: readonly number[]): BoundsSummary {
  const bounds = seeds.map((seed) => boundsOf(scenario, seed));
  const over = (of: (each: BoundsSummary) => number) => mean(bounds.map(of));
  return {
    workUsd: over(({ workUsd }) => workUsd),
    capacityUsd: over(({ capacityUsd }) => capacityUsd),
    startUpUsd: over(({ startUpUsd }) => startUpUsd),
    p95Ms: over(({ p95Ms }) => p95Ms),
  };
}

type Need = Omit<StartUpNeed & TotalWork, 'pricePerCopyHourUsd'>;

interface ModelNeed extends Need {
  readonly model: InferenceComponentModel | ImportedModelModel;
}

/** @param copies that are busy in each window, at the least */
function needOf(model: InferenceComponentModel | ImportedModelModel, copies: Float64Array): Need {
  return {
    copySeconds: copies.reduce((sum, busy) => sum + busy * WINDOW_SECONDS, 0),
    needByWindow: needByWindow(copies, 1),
    windowSeconds: WINDOW_SECONDS,
    startSeconds: model.kind === 'imported-model' ? 0 : leastStartSeconds(model),
    minimumBillUsd: 0,
    beginsWarm: true,
  };
}

/** Of a start on an instance that is up and has image and weights, on average: the stages that nothing spares. */
function leastStartSeconds({ coldStart: { stageSeconds, variation } }: InferenceComponentModel): number {
  // Stages are given by their median.
  return (stageSeconds['container-init'] + stageSeconds['engine-init']) * Math.sqrt(1 + variation ** 2);
}

/** What instances and imported models cost at the least; what fleets have in common is time alone. */
function leastUsd(
  { fleets, components }: WorldModel,
  needs: readonly ModelNeed[],
  boundUsd: (priced: readonly (StartUpNeed & TotalWork)[]) => number,
): number {
  const hosted = Object.entries(fleets).map(([fleet, { instances }]) => {
    const own = needs.flatMap(({ model, ...need }) =>
      model.kind === 'inference-component' && model.fleet === fleet ? [{ ...need, needs: model.needs }] : [],
    );
    return leastBillUsd(instances, own, boundUsd);
  });
  const imported = needs.flatMap(({ model, ...need }) => {
    const costs = model.kind === 'imported-model' ? copyCostsOf(model, { fleets, components }) : undefined;
    if (!costs) return [];
    return [{ ...need, pricePerCopyHourUsd: costs.pricePerHourUsd, minimumBillUsd: costs.minimumBillUsd ?? 0 }];
  });
  return hosted.reduce((sum, usd) => sum + usd, 0) + boundUsd(imported);
}
