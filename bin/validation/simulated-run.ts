import type { AgentModel } from '../../sim/agent/agent-model';
import { simulate } from '../../sim/experiment/simulate';
import { liveName } from './backends';
import { type CopySeries, LOOKS } from './copy-series';
import type { Subject } from './live-agent';

export interface SimulatedRun {
  /** Of each request; infinite if it failed. */
  readonly latencyMs: Float64Array;
  readonly copies: readonly CopySeries[];
}

/**
 * The same requests in virtual time.
 *
 * @param orchestration of the live side, in the world's milliseconds
 */
export function runSimulated(
  { scenario, requests, seed }: Subject,
  orchestration: NonNullable<AgentModel['orchestration']>,
): SimulatedRun {
  const { agent, world, objective } = scenario;
  const names = new Map(Object.entries(world.components).map(([name, model]) => [name, liveName(name, model)]));
  const nodes = agent.nodes.map((node) =>
    node.component === undefined ? node : { ...node, component: names.get(node.component)! },
  );
  const components = Object.fromEntries(
    Object.entries(world.components).map(([name, model]) => [names.get(name)!, model]),
  );
  const { log, series } = simulate({
    scenario: { agent: { ...agent, nodes, orchestration }, objective },
    world: { fleets: world.fleets, components },
    requests,
    seed,
    scoreFromUs: 0,
    seriesPoints: LOOKS,
  });
  return {
    latencyMs: log.latencyUs.map((us) => us / 1000),
    copies: series!.components.map(({ component, inService, desired }) => ({
      component,
      // Looks go on until the last request has ended.
      inService: inService.slice(0, LOOKS),
      desired: desired.slice(0, LOOKS),
    })),
  };
}
