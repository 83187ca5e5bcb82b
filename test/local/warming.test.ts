import { graph, model } from '../../core/graph';
import { warmerConfigFaults } from '../../core/warm';
import { localSystem, startLocalStack } from '../../local';
import { localWarmerConfig } from '../../local/warming';
import { importedModel8b, inferenceComponent8b } from '../../local/world';

const ANYTHING = { '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) } } as const;

const system = localSystem({
  graph: graph('support', { input: ANYTHING })
    .node('planner', { call: model('planner'), input: () => 'Plan.' })
    .node('writer', ['planner'], { call: model('writer'), input: () => 'Write.' })
    .output(['writer'], ({ writer }) => writer.text),
  components: {
    planner: {
      kind: 'chat-model',
      backend: { type: 'bedrock', modelId: 'planner' },
      behaviour: importedModel8b,
      brain: () => 'A plan.',
    },
    writer: {
      kind: 'chat-model',
      backend: { type: 'sagemaker', endpointName: 'fleet', inferenceComponentName: 'writer' },
      behaviour: inferenceComponent8b,
      brain: () => 'A text.',
    },
  },
  example: {},
});

test('the warmer of a stack is configured as a deployed one: the graph, the keys and what copies cost', () => {
  const config = localWarmerConfig({ policy: 'entry', hourlyBudgetUsd: 20 }, [system]);
  expect(warmerConfigFaults(config)).toEqual([]);
  expect(config.agents.support!.components).toEqual({ planner: 'bedrock/planner', writer: 'sagemaker/writer' });
  expect(config.backends['sagemaker/writer']).toMatchObject({
    startPath: 'new-instance-cached-image',
    restart: { path: 'cached-instance', withinMs: 600_000 },
    pricePerHourUsd: 1.222,
  });
  expect(config.backends['bedrock/planner']).toMatchObject({ type: 'bedrock', modelId: 'planner' });
  expect(config.limits.hourlyBudgetUsd).toBe(20);
});

test('runs that go by real time have no warmer that goes by the time of the world', async () => {
  await expect(startLocalStack({ systems: [system], warming: { policy: 'entry' } })).rejects.toThrow(
    "warming needs runTime: 'world'",
  );
});
