import { planAgent } from '../agent/agent-plan';
import { capacityBoundUsd } from '../bounds/capacity-bound';
import { demandWindows, needByWindow } from '../bounds/demand';
import { startUpBoundUsd } from '../bounds/start-up-bound';
import { workBoundUsd } from '../bounds/work-bound';
import { DAY_US } from '../kernel/time-units';
import { Timeline } from '../kernel/timeline';
import { capacityOf } from '../profiles/capacity';
import { synthesize } from '../workload/synthesize';
import { World } from '../world/world';
import type { WorldModel } from '../world/world-model';
import { componentLoads } from './component-loads';
import { copyCostsOf } from './policies/copy-price';
import { expectedCalls } from './policies/expected-calls';
import { lateStartSeconds } from './policies/start-up-time';
import type { BoundsSummary } from './result';
import type { Scenario } from './scenario';
import { score } from './score';
import { simulate } from './simulate';

const WINDOW_SECONDS = 60;

/** Copies of a world in which no request ever meets another: more than there are calls at once. */
const ENDLESS_COPIES = 400;

/** What no deployment of the scenario undercuts, for the requests of one seed that are scored. */
export function boundsOf(scenario: Scenario, seed: number): BoundsSummary {
  const requests = synthesize(scenario.workload, seed);
  const scoreFromUs = scenario.trainingDays * DAY_US;
  const world = atKnee(scenario, seed);
  const components = Object.keys(world.components);
  const timeline = new Timeline();
  const calls = expectedCalls({
    timeline,
    world: new World(world, { timeline, seed }),
    worldModel: world,
    agent: scenario.agent,
    plan: planAgent(scenario.agent, components, { isSequential: false, isPrefixFree: true }),
    components,
    objective: scenario.objective,
    requests,
    seed,
  });

  const needs = components.flatMap((name, at) => {
    const model = world.components[name]!;
    const costs = copyCostsOf(model, world);
    if (model.kind === 'tool' || !costs) return [];
    const { targetConcurrency } = model.scaling;
    const windows = demandWindows(calls[at]!, WINDOW_SECONDS, requests.durationUs).subarray(
      Math.floor(scoreFromUs / 1e6 / WINDOW_SECONDS),
    );
    return [
      {
        work: windows.reduce((sum, demand) => sum + demand * WINDOW_SECONDS, 0),
        maxRatePerCopy: targetConcurrency,
        needByWindow: needByWindow(windows, targetConcurrency),
        windowSeconds: WINDOW_SECONDS,
        pricePerCopyHourUsd: costs.pricePerHourUsd,
        startSeconds: model.kind === 'imported-model' ? 0 : lateStartSeconds(model, world),
        minimumBillUsd: costs.minimumBillUsd ?? 0,
        beginsWarm: true,
      },
    ];
  });

  const endless = Object.fromEntries(components.map((name) => [name, ENDLESS_COPIES]));
  const alone = simulate({ scenario, world, requests, seed, scoreFromUs, fixedCopies: endless, isPrefixFree: true });
  return {
    workUsd: workBoundUsd(needs),
    capacityUsd: capacityBoundUsd(needs),
    startUpUsd: startUpBoundUsd(needs),
    p95Ms: score(alone, 1, scenario.objective.p95Ms).row.p95Ms ?? 0,
  };
}

/** Every copy may be as full as its throughput still grows: nothing that meets the objective does more with less. */
function atKnee(scenario: Scenario, seed: number): WorldModel {
  const loads = componentLoads(scenario, synthesize(scenario.workload, seed), seed);
  const components = Object.entries(scenario.world.components).map(([name, model]) => {
    const load = loads.find(({ component }) => component === name);
    if (model.kind === 'tool' || !load) return [name, model];
    const { kneeConcurrency } = capacityOf(model.copy, load);
    return [name, { ...model, scaling: { ...model.scaling, targetConcurrency: Math.max(1, kneeConcurrency) } }];
  });
  return { ...scenario.world, components: Object.fromEntries(components) };
}
