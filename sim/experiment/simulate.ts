import { planAgent } from '../agent/agent-plan';
import { AgentRuns } from '../agent/agent-runs';
import { RunLog } from '../agent/run-log';
import { RunObservers } from '../agent/run-observers';
import { Timeline } from '../kernel/timeline';
import type { RequestList } from '../workload/request-list';
import { firstFrom } from '../workload/span';
import { World } from '../world/world';
import type { WorldModel } from '../world/world-model';
import { CascadeWatch } from './cascade-watch';
import type { Policy } from './policy';
import type { Cascade, CellSeries } from './result';
import { Sampler } from './sampler';
import type { Scenario } from './scenario';

/** One run of a scenario: under which capacity, with which policies. */
export interface RunSettings {
  readonly scenario: Pick<Scenario, 'agent' | 'objective'>;
  readonly world: WorldModel;
  readonly requests: RequestList;
  /** Of everything that is drawn, in the world and for the requests. */
  readonly seed: number;
  /** Requests before it, and what was spent before it, do not count. */
  readonly scoreFromUs: number;
  /** The run begins here, in whole hours; requests before it do not come. @default 0 */
  readonly startUs?: number;
  /** Copies of each inference component that never change. @default - copies scale */
  readonly fixedCopies?: Readonly<Record<string, number>>;
  readonly initialCopies?: Readonly<Record<string, number>>;
  readonly isSequential?: boolean;
  /** See `PlanOptions`. @default false */
  readonly isPrefixFree?: boolean;
  readonly policies?: readonly Policy[];
  /** Points of the time series. @default - no series */
  readonly seriesPoints?: number;
}

export interface RunOutcome {
  readonly log: RunLog;
  /** The first request that counts. */
  readonly firstScored: number;
  readonly costUsd: number;
  readonly instanceHours: number;
  /** Copies of each model that were in service when the run began. */
  readonly warmAtStart: Readonly<Record<string, number>>;
  readonly events: number;
  readonly series: CellSeries | undefined;
  readonly cascade: Cascade | undefined;
}

/** Lives a world through from the first request to the end of the last. */
export function simulate(settings: RunSettings): RunOutcome {
  const { scenario, requests, seed, scoreFromUs, startUs = 0 } = settings;
  const { agent, objective } = scenario;
  const timeline = new Timeline();
  timeline.advanceTo(startUs);
  const world = new World(settings.world, { timeline, seed, ...pick(settings) });
  const warmAtStart = Object.fromEntries(world.models.map(({ name, warmCopies }) => [name, warmCopies]));
  const components = Object.keys(settings.world.components);
  const plan = planAgent(agent, components, {
    isSequential: settings.isSequential ?? false,
    isPrefixFree: settings.isPrefixFree ?? false,
  });
  const log = new RunLog(requests.count);

  const context = { timeline, world, worldModel: settings.world, agent, plan, components, objective, requests, seed };
  const watch = new CascadeWatch(agent, scoreFromUs);
  const sampler = settings.seriesPoints === undefined ? undefined : samplerOf(settings, world, timeline);
  const policies = (settings.policies ?? []).map((policy) => policy(context));
  const observer = new RunObservers([watch, ...(sampler ? [sampler] : []), ...policies]);
  const servers = components.map((name) => world.server(name));
  const services = { timeline, plan, requests, servers, seed, log, observer };
  const runs = new AgentRuns(services, firstFrom(requests, startUs));
  timeline.advanceTo(requests.durationUs);
  const costUsd = world.costUsd(scoreFromUs, requests.durationUs);
  const instanceHours = world.instanceHours(scoreFromUs, requests.durationUs);
  while (runs.isOpen) timeline.advanceTo(timeline.nextAtUs);

  return {
    log,
    firstScored: firstFrom(requests, scoreFromUs),
    costUsd,
    instanceHours,
    warmAtStart,
    events: timeline.passed,
    series: sampler?.series(''),
    cascade: watch.slowest,
  };
}

function pick({ fixedCopies, initialCopies }: RunSettings) {
  return { ...(fixedCopies && { fixedCopies }), ...(initialCopies && { initialCopies }) };
}

function samplerOf({ seriesPoints, scoreFromUs, requests }: RunSettings, world: World, timeline: Timeline): Sampler {
  const intervalUs = Math.ceil((requests.durationUs - scoreFromUs) / seriesPoints!);
  return new Sampler(world, timeline, scoreFromUs, intervalUs);
}
