import * as z from 'zod';
import { graph, model } from '../../core/graph';
import { importedModel8b, localSystem, startLocalStack } from '../../local';

const agent = graph('agent', { input: z.object({}) })
  .node('answer', { call: model('writer'), input: () => 'Write.' })
  .output(({ answer }) => answer.text);

const system = localSystem({
  graph: agent,
  components: {
    writer: {
      kind: 'chat-model',
      backend: { type: 'bedrock', modelId: 'writer' },
      brain: () => 'Hello.',
      behaviour: { ...importedModel8b, scaling: { ...importedModel8b.scaling, minCopies: 1 } },
    },
  },
  example: {},
});

test('the agents of a stack with limits refuse what is more, over HTTP as in a deployment', async () => {
  const throttling = { rateLimit: 0.001, burstLimit: 3 };
  const options = { tenantLimits: { limits: { throttling } }, onRunEnd: () => {}, speed: 100 };
  const stack = await startLocalStack({ systems: [system], ...options });
  const written = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const run = () =>
    fetch(`${stack.url}/agents/agent/runs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
  const answers = await Promise.all(Array.from({ length: 8 }, run));
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
    200, 200, 200, 429, 429, 429, 429, 429,
  ]);
  const refused = answers.find(({ status }) => status === 429)!;
  expect(refused.headers.get('content-type')).toBe('application/problem+json');
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(900);
  expect(await refused.json()).toMatchObject({ type: 'urn:compound:problem:tenant-limit', limit: 'throttling' });
  written.mockRestore();
  await stack.close();
});
