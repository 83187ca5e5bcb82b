import { type WarmerConfig, warmConfigOf, warmerConfigFaults } from '../../../core/warm';

const CONFIG: WarmerConfig = {
  policy: 'entryForecast',
  table: 'warm',
  agents: {
    support: {
      graph: {
        name: 'support',
        nodes: [
          { id: 'search', needs: [], component: 'search', conditional: false },
          { id: 'write', needs: [0], component: 'writer', conditional: true, guard: 0 },
        ],
      },
      components: { writer: 'sagemaker/writer' },
    },
  },
  backends: {
    'sagemaker/writer': {
      type: 'sagemaker',
      inferenceComponentName: 'writer',
      endpointName: 'fleet',
      maxCopies: 3,
      startPath: 'new-instance',
      pricePerHourUsd: 1.2,
      concurrencyPerCopy: 4,
    },
    'bedrock/summarizer': { type: 'bedrock', modelId: 'summarizer', pricePerHourUsd: 6.9, minimumBillUsd: 0.57 },
    'lambda/search': { type: 'lambda', functionName: 'search', firstCall: { body: '{}' }, pricePerHourUsd: 0.01 },
  },
  limits: { hourlyBudgetUsd: 5, monthlyBudgetUsd: 100 },
};

test('a configuration without a fault has none, nor has one with the revision of its secret', () => {
  expect(warmerConfigFaults(CONFIG)).toEqual([]);
  expect(warmerConfigFaults({ ...CONFIG, revision: '7d1f' })).toEqual([]);
});

const { support } = CONFIG.agents;
const writer = CONFIG.backends['sagemaker/writer']!;
const withWriter = (changes: object) => ({ ...CONFIG, backends: { 'sagemaker/writer': { ...writer, ...changes } } });
const withNode = (changes: object) => {
  const { graph } = support!;
  const nodes = [graph.nodes[0], { ...graph.nodes[1], ...changes }];
  return { ...CONFIG, agents: { support: { ...support, graph: { ...graph, nodes } } } };
};

const withGraph = (graph: unknown) => ({ ...CONFIG, agents: { support: { ...support, graph } } });

test('nor has one that says all that may be said', () => {
  const restart = { path: 'cached-instance', withinMs: 300_000 };
  expect(warmerConfigFaults(withWriter({ minCopies: 3, restart }))).toEqual([]);
  expect(warmerConfigFaults({ ...CONFIG, enabled: false, costRule: 'full' })).toEqual([]);
});

test.each<[unknown, string]>([
  [[], 'the configuration must be an object'],
  [
    { ...CONFIG, policy: 'oracle' },
    'warmer.policy must be one of none, keepAlive, entry, entryKeepAlive, entryForecast, got: "oracle"',
  ],
  [
    { ...CONFIG, limits: { hourlyBudgetUsd: -1, monthlyBudgetUsd: 1 } },
    'warmer.limits.hourlyBudgetUsd must be a number from 0, got: -1',
  ],
  [
    withWriter({ pricePerHourUsd: 0 }),
    'warmer.backends.sagemaker/writer.pricePerHourUsd must be a number above 0, got: 0',
  ],
  [withWriter({ minCopies: 4 }), 'warmer.backends.sagemaker/writer.minCopies must be at most maxCopies, 3, got: 4'],
  [withWriter({ type: 'http' }), 'warmer.backends.sagemaker/writer.type must be one of sagemaker, bedrock, lambda'],
  [
    withWriter({ startPath: 'instance' }),
    'warmer.backends.sagemaker/writer.startPath must be one of cached-instance, uncached-instance, new-instance-cached-image, new-instance, imported-model, function, got: "instance"',
  ],
  [
    { ...CONFIG, backends: {} },
    'warmer.agents.support.components.writer must be a key of backends, got: "sagemaker/writer"',
  ],
  [
    { ...CONFIG, agents: { sales: support } },
    'warmer.agents.sales.graph.name must be that of the agent, got: "support"',
  ],
  [withNode({ needs: [1] }), 'warmer.agents.support.graph.nodes[1] must name earlier nodes by position, got: 1'],
  [withNode({ guard: -1 }), 'warmer.agents.support.graph.nodes[1].guard must be a whole number from 0, got: -1'],
  [withNode({ guard: 1 }), 'warmer.agents.support.graph.nodes[1] must name earlier nodes by position, got: 1'],
  [withNode({ needs: [-1] }), 'warmer.agents.support.graph.nodes[1] must name earlier nodes by position, got: -1'],
  [withNode({ needs: [0.5] }), 'warmer.agents.support.graph.nodes[1] must name earlier nodes by position, got: 0.5'],
  [withNode({ needs: 0 }), 'warmer.agents.support.graph.nodes[1].needs must be a list, got: 0'],
  [
    withNode({ conditional: 'yes' }),
    'warmer.agents.support.graph.nodes[1].conditional must be true or false, got: "yes"',
  ],
  [withGraph(null), 'warmer.agents.support.graph must be an object with a list of nodes'],
  [withGraph({ name: 'support' }), 'warmer.agents.support.graph must be an object with a list of nodes'],
  [
    withWriter({ type: ['sagemaker'] }),
    'warmer.backends.sagemaker/writer.type must be one of sagemaker, bedrock, lambda',
  ],
  [
    { ...CONFIG, backends: { 'sagemaker/writer': null } },
    'warmer.backends.sagemaker/writer.type must be one of sagemaker, bedrock, lambda',
  ],
  [
    withWriter({ pricePerHourUsd: '1' }),
    'warmer.backends.sagemaker/writer.pricePerHourUsd must be a number above 0, got: "1"',
  ],
  [
    withWriter({ pricePerHourUsd: Infinity }),
    'warmer.backends.sagemaker/writer.pricePerHourUsd must be a number above 0, got: Infinity',
  ],
  [
    withWriter({ restart: { path: 'cached-instance', withinMs: -1 } }),
    'warmer.backends.sagemaker/writer.restart.withinMs must be a number from 0, got: -1',
  ],
  [{ ...CONFIG, costRule: 'half' }, 'warmer.costRule must be one of marginal, full, got: "half"'],
  [{ ...CONFIG, budget: 5 }, 'warmer.budget is none of enabled, policy, table, agents, backends, limits, costRule'],
])('a fault is told by its field, its value and what it must be (%#)', (config, fault) => {
  expect(warmerConfigFaults(config)).toEqual([fault]);
});

test('decisions go by the keys of backends, which agents share, and leave alone what cannot be warmed', () => {
  const { graphs, components, limits } = warmConfigOf(CONFIG);
  expect(graphs.support!.nodes.map(({ component }) => component)).toEqual(['search', 'sagemaker/writer']);
  expect(components['sagemaker/writer']).toEqual({ pricePerHourUsd: 1.2, maxCopies: 3, concurrencyPerCopy: 4 });
  expect(components['bedrock/summarizer']).toEqual({ pricePerHourUsd: 6.9, maxCopies: 1, minimumBillUsd: 0.57 });
  expect(limits).toEqual({
    hourlyBudgetUsd: 5,
    monthlyBudgetUsd: 100,
    maxSimultaneousWarms: 10,
    windowMs: 60_000,
    graceMs: 120_000,
  });
});
