import { z } from 'zod';
import { graph, model } from '../../../core/graph';
import { priceSourcesOf } from '../../../lambda/telemetry/price-sources';

const agent = ['planner', 'writer', 'judge', 'critic'].reduce<any>(
  (built, name) => built.node(name, { call: model(name), input: () => 'Hi' }),
  graph('agent', { input: z.any() }),
);
const built = agent.output(() => 0);

const LIST = 'https://prices.example (us-west-2, 2026-11)';
const bedrock = (price?: object) => ({ type: 'bedrock' as const, modelId: 'm', ...(price && { price }) });

test('each component with a price says where that is from, those without say nothing', () => {
  const sources = priceSourcesOf(built, {
    planner: bedrock({ perCallUsd: 1, source: LIST }),
    writer: { type: 'spillover', alternatives: [bedrock({ perCallUsd: 1, source: LIST }), bedrock({ perCallUsd: 2 })] },
    judge: bedrock({ perCallUsd: 1 }),
    critic: bedrock(),
    other: bedrock({ perCallUsd: 1, source: 'of another agent' }),
  });
  expect(sources).toEqual({ planner: LIST, writer: `${LIST}, binding`, judge: 'binding' });
});

test('a run without any price says nothing of sources', () => {
  expect(priceSourcesOf(built, { planner: bedrock(), writer: bedrock(), judge: bedrock(), critic: bedrock() })).toBe(
    undefined,
  );
});
