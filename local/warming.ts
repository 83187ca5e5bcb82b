import type { Context } from 'aws-lambda';
import type { RuntimeWarming } from '../core/api/config-variable';
import type { Clock } from '../core/run/call';
import {
  type WarmedBackend,
  type WarmerConfig,
  type WarmerEvent,
  type WarmPolicyName,
  warmGraphOf,
} from '../core/warm';
import { DynamoBoard } from '../lambda/warm-board/dynamo-board';
import { controlPlane } from '../lambda/warmer/control-plane';
import { firstCalls } from '../lambda/warmer/first-call';
import { Warmer } from '../lambda/warmer/warmer';
import { copyCostsOf } from '../sim/experiment/policies/copy-price';
import { startPathsOf } from '../sim/experiment/policies/watched-model';
import { singleGpuFleet } from '../sim/world/presets';
import type { LocalTable, Schedule } from './aws';
import type { LocalSystem } from './system';
import type { LocalComponent, LocalFunction, WorldOptions } from './world';
import { backendId } from './world/backend-id';
import { behaviourOf } from './world/behaviour';

/** Starts what a run may need as soon as the run begins. */
export interface LocalWarming {
  readonly policy: WarmPolicyName;
  /** Of all warm-ups. @default - no limit */
  readonly hourlyBudgetUsd?: number;
}

/** What a deployed warmer consists of: the board, the function, and the schedule that invokes it each minute. */
export const WARM_BOARD: LocalTable = {
  name: 'warm-board',
  partitionKey: { name: 'id', type: 'S' },
  ttlAttribute: 'expiresAtSeconds',
};
const WARMER = 'warmer';
export const WARMER_SCHEDULE: Schedule = { functionName: WARMER, everySeconds: 60 };

/** The most that can be set aside where nothing limits it. */
const UNLIMITED_USD = 1e9;

const BOARD = { table: WARM_BOARD.name, timeoutMs: 2_000, maxAttempts: 3, isConsistent: true };

/** The function that warms, in the world's time. */
export function localWarmer(config: WarmerConfig, clock: Clock, nowMs: () => number): LocalFunction {
  let parts: Pick<ConstructorParameters<typeof Warmer>[0], 'board' | 'plane' | 'call'> | undefined;
  const pause = (ms: number) => new Promise<void>((resolve) => void clock.setTimer(resolve, ms));
  return {
    kind: 'function',
    backend: { type: 'lambda', functionName: WARMER },
    handler: (event: unknown, context: Context) => {
      // Clients find the stack by the environment, which is not set before it listens.
      parts ??= { board: new DynamoBoard(BOARD), plane: controlPlane(), call: firstCalls() };
      const warmer = new Warmer({ config, ...parts, time: { nowMs, pause }, log: () => {}, isEnabled: true });
      return warmer.handle(event as WarmerEvent, context.getRemainingTimeInMillis());
    },
  };
}

/** What a deployment of the systems would tell its warmer. */
export function localWarmerConfig(
  { policy, hourlyBudgetUsd = UNLIMITED_USD }: LocalWarming,
  systems: readonly LocalSystem[],
  fleets: WorldOptions['fleets'] = {},
): WarmerConfig {
  const all = systems.flatMap(({ components }) => Object.values(components));
  return {
    policy,
    table: WARM_BOARD.name,
    agents: Object.fromEntries(
      systems.map(({ graph, components }) => [
        graph.name,
        { graph: warmGraphOf(graph.definition), components: keysOf(components) },
      ]),
    ),
    backends: Object.fromEntries(all.flatMap((component) => backendEntries(component, fleets))),
    limits: { hourlyBudgetUsd, monthlyBudgetUsd: UNLIMITED_USD },
  };
}

/** What a deployment of a system would tell its orchestrator. */
export function runtimeWarming({ components }: LocalSystem): RuntimeWarming {
  return { table: WARM_BOARD.name, functionName: WARMER, components: keysOf(components) };
}

function keysOf(components: LocalSystem['components']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(components).flatMap(([name, component]) =>
      component.kind === 'function' ? [] : [[name, backendId(component.backend)]],
    ),
  );
}

function backendEntries(
  component: LocalComponent,
  fleets: NonNullable<WorldOptions['fleets']>,
): [string, WarmedBackend][] {
  if (component.kind === 'function') return [];
  const { backend } = component;
  const behaviour = behaviourOf(component);
  const fleet = 'fleet' in behaviour ? { [behaviour.fleet]: fleets[behaviour.fleet] ?? singleGpuFleet } : {};
  const world = { fleets: fleet, components: {} };
  const { minCopies, maxCopies, targetConcurrency } = behaviour.scaling;
  const costs = { ...copyCostsOf(behaviour, world)!, concurrencyPerCopy: targetConcurrency };
  if (backend.type === 'bedrock')
    return [[backendId(backend), { type: 'bedrock', modelId: backend.modelId, ...costs }]];
  const { endpointName, inferenceComponentName } = backend;
  if (inferenceComponentName === undefined) return [];
  const { afresh: startPath, again, againWithinUs } = startPathsOf(behaviour, world);
  const restart = { path: again, withinMs: againWithinUs / 1000 };
  const entry = { type: 'sagemaker' as const, inferenceComponentName, endpointName, minCopies, maxCopies };
  return [[backendId(backend), { ...entry, startPath, restart, ...costs }]];
}
