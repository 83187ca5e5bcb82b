import { setImmediate as nextTurn } from 'node:timers/promises';
import * as z from 'zod';
import { graph, model } from '../../core/graph';
import type { RunReport } from '../../lambda/orchestrator';
import { importedModel8b, type LocalStack, localSystem, startLocalStack } from '../../local';
import { eventsIn } from '../lambda/orchestrator/streaming/sink';

const STORY = Array.from({ length: 400 }, (_, i) => `word${i}`).join(' ');

/** A fast node first, then one that streams a long story. */
const told = graph('told', { input: z.object({ topic: z.string() }) })
  .compute('prompt', [], ({ input }) => `Tell of ${input.topic}`)
  .node('story', ['prompt'], { call: model('teller'), input: ({ prompt }) => prompt, stream: true })
  .output(['story'], ({ story }) => ({ story: story.text }));

const system = localSystem({
  graph: told,
  example: { topic: 'rain' },
  components: {
    teller: {
      kind: 'chat-model',
      backend: { type: 'bedrock', modelId: 'arn:aws:bedrock:us-east-1:000000000000:imported-model/teller' },
      behaviour: { ...importedModel8b, scaling: { ...importedModel8b.scaling, minCopies: 1 } },
      brain: () => STORY,
    },
  },
});

let stack: LocalStack;
let reports: RunReport[];
let reported: () => void;

beforeEach(async () => {
  reports = [];
  stack = await startLocalStack({
    systems: [system],
    speed: 20,
    onRunEnd: (report) => {
      reports.push(report);
      reported();
    },
  });
});

afterEach(() => stack.close());

const ask = (init: RequestInit = {}, query = '') =>
  fetch(`${stack.url}/agents/told/runs${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ topic: 'rain' }),
    ...init,
  });

test('a model of the stack is read while it writes, to the last word', async () => {
  reported = () => {};
  const response = await ask({}, '?events=nodes');
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const events = eventsIn(await response.text());
  const texts = events.filter(({ event }) => event === 'text');
  expect(texts.length).toBeGreaterThan(5);
  expect(texts.map(({ data }) => data.text).join('')).toBe(STORY);
  expect(events.at(-1)).toEqual({
    event: 'output',
    data: { runId: response.headers.get('compound-run-id'), output: { story: STORY } },
  });
  expect(events.map(({ event }) => event).filter((event) => event !== 'text' && event !== 'heartbeat')).toEqual([
    'run',
    'node.started',
    'node.finished',
    'node.started',
    'node.finished',
    'output',
  ]);
  expect(reports[0]!.firstTextMs).toBeLessThan(reports[0]!.record.wallMs);
});

test('a caller who has read enough frees the copy of the model', async () => {
  const over = new Promise<void>((resolve) => {
    reported = resolve;
  });
  const caller = new AbortController();
  const response = await ask({ signal: caller.signal });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes('event: text')) text += (await reader.read()).value;
  caller.abort();
  await over;
  expect(reports).toMatchObject([{ record: { status: 'cancelled' } }]);
  const isBusy = () =>
    stack.world
      .snapshot()
      .some(({ state }) => state?.copies.some((copy) => 'concurrency' in copy && copy.concurrency > 0));
  // The model's server hears of it a moment later.
  while (isBusy()) await nextTurn();
});
