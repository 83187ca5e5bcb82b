import type { StartPaths } from './component-record';
import type { WarmGraph } from './graph';
import { DEFAULT_WARM_LIMITS, type WarmComponent, type WarmConfig } from './policy';
import type { WarmedAgent, WarmedBackend, WarmerConfig } from './warmer-config';

/** What decisions need of a warmer's configuration: components go by the keys of their backends, which agents share. */
export function warmConfigOf({ agents, backends, limits, costRule }: WarmerConfig): WarmConfig {
  return {
    graphs: Object.fromEntries(Object.entries(agents).map(([name, agent]) => [name, keyedGraphOf(agent)])),
    components: Object.fromEntries(Object.entries(backends).map(([key, backend]) => [key, costsOf(backend)])),
    limits: { ...DEFAULT_WARM_LIMITS, ...limits },
    ...(costRule && { costRule }),
  };
}

export function startPathsOf(backend: WarmedBackend): StartPaths {
  switch (backend.type) {
    case 'sagemaker':
      return { afresh: backend.startPath, ...(backend.restart && { again: backend.restart }) };
    case 'bedrock':
      return { afresh: 'imported-model' };
    case 'lambda':
      return { afresh: 'function' };
  }
}

function keyedGraphOf({ graph, components }: WarmedAgent): WarmGraph {
  const keyOf = (name: string) => (Object.hasOwn(components, name) ? components[name]! : name);
  const nodes = graph.nodes.map(({ component, ...node }) => ({
    ...node,
    ...(component !== undefined && { component: keyOf(component) }),
  }));
  return { name: graph.name, nodes };
}

function costsOf(backend: WarmedBackend): WarmComponent {
  const { pricePerHourUsd, minimumBillUsd, delayPenaltyFactor, concurrencyPerCopy } = backend;
  return {
    pricePerHourUsd,
    // A call starts a copy of the others, and nothing starts a second.
    maxCopies: backend.type === 'sagemaker' ? backend.maxCopies : 1,
    ...(minimumBillUsd !== undefined && { minimumBillUsd }),
    ...(delayPenaltyFactor !== undefined && { delayPenaltyFactor }),
    ...(concurrencyPerCopy !== undefined && { concurrencyPerCopy }),
  };
}
