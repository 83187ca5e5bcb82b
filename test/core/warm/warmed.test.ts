import { startPathsOf, type WarmedBackend, type WarmerConfig, warmConfigOf } from '../../../core/warm';

const WRITER = {
  type: 'sagemaker',
  inferenceComponentName: 'writer',
  endpointName: 'fleet',
  maxCopies: 3,
  startPath: 'new-instance-cached-image',
  pricePerHourUsd: 1.2,
} satisfies WarmedBackend;
const SUMMARIZER = { type: 'bedrock', modelId: 'summarizer', pricePerHourUsd: 6.9 } satisfies WarmedBackend;
const SEARCH = {
  type: 'lambda',
  functionName: 'search',
  firstCall: { body: '{}' },
  pricePerHourUsd: 0.01,
} satisfies WarmedBackend;
const RESTART = { path: 'cached-instance', withinMs: 300_000 } as const;

test.each<[string, WarmedBackend, object]>([
  ['an inference component', WRITER, { afresh: 'new-instance-cached-image' }],
  [
    'an inference component that finds its instance again',
    { ...WRITER, restart: RESTART },
    { afresh: 'new-instance-cached-image', again: RESTART },
  ],
  ['an imported model', SUMMARIZER, { afresh: 'imported-model' }],
  ['a function', SEARCH, { afresh: 'function' }],
])('%s starts where its backend says', (_, backend, paths) => {
  expect(startPathsOf(backend)).toStrictEqual(paths);
});

const CONFIG: WarmerConfig = {
  policy: 'entry',
  table: 'warm',
  agents: {
    support: {
      graph: {
        name: 'support',
        nodes: [
          { id: 'split', needs: [], conditional: false },
          { id: 'write', needs: [0], component: 'writer', conditional: false },
        ],
      },
      components: { writer: 'sagemaker/writer' },
    },
  },
  backends: { 'sagemaker/writer': WRITER, 'bedrock/summarizer': SUMMARIZER, 'lambda/search': SEARCH },
  limits: { hourlyBudgetUsd: 5, monthlyBudgetUsd: 100, graceMs: 1_000 },
};

test('what a configuration leaves out, decisions are not told either', () => {
  expect(warmConfigOf(CONFIG)).toStrictEqual({
    graphs: {
      support: {
        name: 'support',
        nodes: [
          { id: 'split', needs: [], conditional: false },
          { id: 'write', needs: [0], component: 'sagemaker/writer', conditional: false },
        ],
      },
    },
    components: {
      'sagemaker/writer': { pricePerHourUsd: 1.2, maxCopies: 3 },
      'bedrock/summarizer': { pricePerHourUsd: 6.9, maxCopies: 1 },
      'lambda/search': { pricePerHourUsd: 0.01, maxCopies: 1 },
    },
    limits: {
      hourlyBudgetUsd: 5,
      monthlyBudgetUsd: 100,
      maxSimultaneousWarms: 10,
      windowMs: 60_000,
      graceMs: 1_000,
    },
  });
});

test('what it says of costs, decisions are told', () => {
  const costs = { minimumBillUsd: 0, delayPenaltyFactor: 0, concurrencyPerCopy: 4 };
  const backends = { 'bedrock/summarizer': { ...SUMMARIZER, ...costs } };
  const { components, costRule } = warmConfigOf({ ...CONFIG, backends, costRule: 'full' });
  expect(components).toStrictEqual({ 'bedrock/summarizer': { pricePerHourUsd: 6.9, maxCopies: 1, ...costs } });
  expect(costRule).toBe('full');
});
