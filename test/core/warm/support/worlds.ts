import {
  type ComponentStatus,
  DEFAULT_WARM_LIMITS,
  NO_KNOWLEDGE,
  type OpenRequest,
  type WarmAction,
  type WarmConfig,
  type WarmGraph,
  type WarmObservation,
} from '../../../../core/warm';

export const COLD: ComponentStatus = { copies: 0, startingReadyAtMs: [], path: 'new-instance', callsInFlight: 0 };
export const WARM: ComponentStatus = { ...COLD, copies: 1 };

export function componentsOf(graph: WarmGraph): string[] {
  return [...new Set(graph.nodes.flatMap(({ component }) => component ?? []))];
}

/** Every component at the same price, with a budget that is no obstacle. */
export function configOf(graph: WarmGraph, limits: Partial<WarmConfig['limits']> = {}): WarmConfig {
  return {
    graphs: { [graph.name]: graph },
    components: Object.fromEntries(componentsOf(graph).map((name) => [name, { pricePerHourUsd: 1.4 }])),
    limits: {
      ...DEFAULT_WARM_LIMITS,
      maxSimultaneousWarms: 1_000,
      hourlyBudgetUsd: 1_000,
      monthlyBudgetUsd: 100_000,
      ...limits,
    },
  };
}

export function newRequest(graph: WarmGraph, nodes: OpenRequest['nodes'] = {}, id = 'r1'): OpenRequest {
  return { id, graph: graph.name, nodes };
}

/** Every component in the same state. */
export function observe(
  graph: WarmGraph,
  requests: readonly OpenRequest[],
  status = COLD,
  rest: Partial<WarmObservation> = {},
): WarmObservation {
  return {
    requests,
    components: Object.fromEntries(componentsOf(graph).map((name) => [name, status])),
    floorCopies: {},
    knowledge: NO_KNOWLEDGE,
    ...rest,
  };
}

export function warmed(actions: readonly WarmAction[]): string[] {
  return actions.flatMap(({ type, component }) => (type === 'warm' ? [component] : []));
}
