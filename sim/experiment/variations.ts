import type { AgentNode } from '../agent/agent-model';
import type { ScalingModel } from '../control/scaling-model';
import type { CopyProfile } from '../serving/copy-profile';
import type { Distribution } from '../workload/distribution';
import type { SyntheticClient, SyntheticWorkload } from '../workload/synthetic';
import type { InferenceComponentModel, WorldModel } from '../world/world-model';
import type { Scenario } from './scenario';

/** One change of one assumption. */
export interface Variation {
  readonly parameter: string;
  /** As shown: `x0.5`. */
  readonly value: string;
  readonly isLow: boolean;
  readonly scenario: Scenario;
}

/** The assumptions that are varied, one at a time. */
export function variationsOf(scenario: Scenario): Variation[] {
  const pair = (
    parameter: string,
    [low, high]: readonly [number, number],
    change: (factor: number) => Scenario,
    show = (factor: number) => `x${factor}`,
  ): Variation[] => [
    { parameter, value: show(low), isLow: true, scenario: change(low) },
    { parameter, value: show(high), isLow: false, scenario: change(high) },
  ];
  const { agent, objective, workload, world } = scenario;
  const { clients = [{ cv: 1 }] } = workload;
  return [
    ...pair('cold start', [0.5, 3], (factor) => ({ ...scenario, world: withColdStarts(world, factor) })),
    ...pair('detection of load', [0.25, 8], (factor) => ({ ...scenario, world: withDetection(world, factor) })),
    ...pair('objective', [0.9, 2], (factor) => ({ ...scenario, objective: { p95Ms: objective.p95Ms * factor } })),
    ...pair(
      'variation of gaps',
      [1, 13],
      (cv) => ({ ...scenario, workload: { ...workload, clients: clients.map((each) => ({ ...each, cv })) } }),
      (cv) => `CV ${cv}`,
    ),
    ...pair('fan-out', [0.5, 2], (factor) => ({
      ...scenario,
      agent: {
        ...agent,
        nodes: agent.nodes.map((node) => (node.items ? { ...node, items: scaled(node.items, factor) } : node)),
      },
    })),
    ...pair('branch probabilities', [0.7, 1.3], (factor) => ({
      ...scenario,
      agent: {
        ...agent,
        nodes: agent.nodes.map((node) =>
          node.probability === undefined ? node : { ...node, probability: likelier(node.probability, factor) },
        ),
      },
    })),
    ...pair('service times', [0.9, 1.1], (factor) => ({ ...scenario, world: withSpeed(world, factor) })),
    ...pair('load', [0.4, 3], (factor) => ({
      ...scenario,
      workload: { ...workload, meanRatePerSecond: workload.meanRatePerSecond * factor },
    })),
    ...pair(
      'instances that cannot be had',
      [0, 0.3],
      (share) => ({ ...scenario, world: withRefusals(world, share) }),
      (share) => `${share * 100} %`,
    ),
  ];
}

/** Loads and terms under which a static fleet should be hard to beat. */
export function staticTerrain(scenario: Scenario): { readonly name: string; readonly scenario: Scenario }[] {
  const { workload } = scenario;
  const { spikes: _spikes, ...calm } = workload;
  const clients: readonly Partial<SyntheticClient>[] = workload.clients ?? [{}];
  const steady = clients.map(({ hourFactors: _hourFactors, ...client }) => ({ ...client, cv: 1 }));
  const flat: SyntheticWorkload = { ...calm, hourFactors: Array<number>(24).fill(1), clients: steady };
  return [
    { name: 'flat traffic: no daily shape, no bursts', scenario: { ...scenario, workload: flat } },
    {
      name: 'a tiny fleet: a tenth of the load',
      scenario: { ...scenario, workload: { ...workload, meanRatePerSecond: workload.meanRatePerSecond / 10 } },
    },
    {
      name: 'spikes shorter than a cold start: three minutes, five times the load',
      scenario: {
        ...scenario,
        workload: {
          ...calm,
          spikes: Array.from({ length: 2 * Math.floor(workload.days) }, (_, at) => ({
            startHours: 9 + 12 * at,
            durationMinutes: 3,
            factor: 5,
          })),
        },
      },
    },
  ];
}

function likelier(probability: NonNullable<AgentNode['probability']>, factor: number) {
  const times = (share: number) => Math.min(1, share * factor);
  if (typeof probability === 'number') return times(probability);
  return Object.fromEntries(Object.entries(probability).map(([client, share]) => [client, times(share)]));
}

function withColdStarts(world: WorldModel, factor: number): WorldModel {
  const fleets = Object.entries(world.fleets).map(([name, fleet]) => [
    name,
    {
      ...fleet,
      instances: fleet.instances.map((instance) => ({
        ...instance,
        provisionSeconds: instance.provisionSeconds * factor,
      })),
    },
  ]);
  const slower = withModels(world, (model) => ({
    ...model,
    coldStart: {
      ...model.coldStart,
      stageSeconds: {
        'image-pull': model.coldStart.stageSeconds['image-pull'] * factor,
        'weights-download': model.coldStart.stageSeconds['weights-download'] * factor,
        'container-init': model.coldStart.stageSeconds['container-init'] * factor,
        'engine-init': model.coldStart.stageSeconds['engine-init'] * factor,
      },
    },
  }));
  return { ...slower, fleets: Object.fromEntries(fleets) };
}

function withDetection(world: WorldModel, factor: number): WorldModel {
  return withModels(world, (model) => ({ ...model, scaling: withLag(model.scaling, factor) }));
}

function withLag(scaling: ScalingModel, factor: number): ScalingModel {
  const { rule } = scaling;
  const publicationLagSeconds = rule.publicationLagSeconds * factor;
  return rule.kind === 'target-tracking'
    ? { ...scaling, rule: { ...rule, publicationLagSeconds, outAfterSeconds: rule.outAfterSeconds * factor } }
    : { ...scaling, rule: { ...rule, publicationLagSeconds } };
}

function withSpeed(world: WorldModel, factor: number): WorldModel {
  return withModels(world, (model) => ({ ...model, copy: slowed(model.copy, factor) }));
}

function slowed(copy: CopyProfile, factor: number): CopyProfile {
  const { base, perPromptToken, perSequence, perContextToken } = copy.stepSeconds;
  return {
    ...copy,
    stepSeconds: {
      base: base * factor,
      perPromptToken: perPromptToken * factor,
      perSequence: perSequence * factor,
      perContextToken: perContextToken * factor,
    },
  };
}

function withRefusals(world: WorldModel, insufficientCapacity: number): WorldModel {
  const fleets = Object.entries(world.fleets).map(([name, fleet]) => [
    name,
    { ...fleet, instances: fleet.instances.map((instance) => ({ ...instance, insufficientCapacity })) },
  ]);
  return { ...world, fleets: Object.fromEntries(fleets) };
}

function withModels(
  world: WorldModel,
  change: (model: InferenceComponentModel) => InferenceComponentModel,
): WorldModel {
  const components = Object.entries(world.components).map(([name, model]) => [
    name,
    model.kind === 'inference-component' ? change(model) : model,
  ]);
  return { ...world, components: Object.fromEntries(components) };
}

function scaled(distribution: Distribution, factor: number): Distribution {
  if (typeof distribution === 'number') return distribution * factor;
  if ('quantiles' in distribution) {
    return { quantiles: distribution.quantiles.map(([probability, value]) => [probability, value * factor] as const) };
  }
  if ('request' in distribution) {
    return { ...distribution, times: (distribution.times ?? 1) * factor, plus: (distribution.plus ?? 0) * factor };
  }
  const max = distribution.max === undefined ? {} : { max: distribution.max * factor };
  if ('exponential' in distribution) return { exponential: { mean: distribution.exponential.mean * factor }, ...max };
  const { p50, p95 } = distribution.lognormal;
  return { lognormal: { p50: p50 * factor, p95: p95 * factor }, ...max };
}
