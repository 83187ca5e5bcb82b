import { z } from 'zod';
import { run } from '../../bin/commands/run';
import { graph, model } from '../../core/graph';
import { importedModel8b, type LocalStack, localSystem, startLocalStack } from '../../local';

const WARM = { ...importedModel8b, scaling: { ...importedModel8b.scaling, minCopies: 1 } };

const poet = graph('poet', { input: z.object({}) })
  .node('poem', { call: model('writer'), input: () => 'A poem' })
  .output(({ poem }) => poem.text);

let stack: LocalStack;

beforeAll(async () => {
  const backend = {
    type: 'bedrock' as const,
    modelId: 'writer',
    price: { perCopyHourUsd: 3_600, concurrencyPerCopy: 2 },
  };
  stack = await startLocalStack({
    systems: [
      localSystem({
        graph: poet,
        components: { writer: { kind: 'chat-model', backend, brain: () => 'Roses are red.', behaviour: WARM } },
        example: {},
      }),
    ],
    speed: 100,
    onRunEnd: () => {},
  });
});

afterAll(() => stack.close());

test('a run on this machine takes copies and pays for them as a deployed one does, and its record tells it', async () => {
  const response = await fetch(`${stack.url}/agents/poet/runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  const { runId } = (await response.json()) as { runId: string };
  const copySeconds = Number(response.headers.get('compound-copy-seconds'));
  expect(copySeconds).toBeGreaterThan(0);
  // A dollar a second.
  expect(Number(response.headers.get('compound-cost-usd'))).toBeCloseTo(copySeconds, 2);

  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  await run(['show', runId, '--stack-url', stack.url]);
  const text = write.mock.calls.map(([part]) => String(part)).join('');
  write.mockRestore();
  expect(text).toMatch(/ output tokens, copy time \d[\d.]* m?s, \$\d/);
});
