import { graph, model, retriever, tool } from 'cdk-compound-inference/graph';
import { CallError, type CallResult } from 'cdk-compound-inference/run';
import { z } from 'zod';
import { World } from './support/world';

/*
 * A planner that fails twice, a map over the five queries it makes, a side task beside them, a node that runs under a
 * condition, and a join: each component must be called exactly as often as it should.
 */
const planner = model('planner', { output: z.object({ queries: z.array(z.string()) }) });
const search = retriever('search', { input: z.object({ query: z.string() }), output: z.array(z.string()) });
const audit = tool('audit', { input: z.object({ question: z.string() }), output: z.object({ logged: z.boolean() }) });
const critic = model('critic');
const writer = model('writer');

const support = graph('support', {
  input: z.object({ question: z.string(), careful: z.boolean().default(false) }),
  output: z.object({ answer: z.string(), sources: z.number() }),
  retry: { attempts: 3, baseMs: 100 },
})
  .node('plan', { call: planner, input: ({ input }) => input.question })
  .node('audit', { call: audit, input: ({ input }) => ({ question: input.question }), optional: true })
  .map('facts', ['plan'], {
    over: ({ plan }) => plan.queries,
    call: search,
    input: (query) => ({ query }),
    concurrency: 3,
  })
  .compute('passages', ['facts'], ({ facts }) => facts.flat())
  .node('review', ['passages'], {
    when: ({ input }) => input.careful,
    call: critic,
    input: ({ passages }) => passages.join('; '),
  })
  .node('answer', ['passages', 'review'], {
    call: writer,
    input: ({ passages, review }) => `${passages.length} passages, ${review?.text ?? 'no review'}`,
  })
  .output(['answer', 'passages', 'audit'], ({ answer, passages }) => ({
    answer: answer.text,
    sources: passages.length,
  }));

const tell = (text: string): CallResult => ({ output: { text, finishReason: 'stop' } });

function supportWorld() {
  return new World(({ component, input, attempt }) => {
    switch (component.name) {
      case 'planner':
        if (attempt < 3) return { afterMs: 10, error: new CallError('throttled', 'slow down') };
        return { afterMs: 50, ...tell('{"queries": ["a", "b", "c", "d", "e"]}') };
      case 'search':
        return { afterMs: 20, output: [`about ${(input as { query: string }).query}`] };
      case 'audit':
        return { afterMs: 5, error: new CallError('failed', 'disk full') };
      case 'critic':
        return { afterMs: 30, ...tell('looks good') };
      default:
        return { afterMs: 200, ...tell(`because of ${input as string}`) };
    }
  });
}

const callsOf = (world: World) =>
  Object.fromEntries(
    ['planner', 'search', 'audit', 'critic', 'writer'].map((name) => [name, world.triesOf(name).length]),
  );

test('a flaky planner, a map of what it planned, a side task that fails, a skipped node and a join bring an answer', async () => {
  const world = supportWorld();
  const { output, record } = await world.run(support, { question: 'why?' });

  expect(output).toEqual({ answer: 'because of 5 passages, no review', sources: 5 });
  expect(callsOf(world)).toEqual({ planner: 3, search: 5, audit: 1, critic: 0, writer: 1 });
  // Tries of 10, 10 and 50 ms with waits of 50 and 100 ms; two rounds of three searches; the answer.
  expect(record).toMatchObject({
    status: 'succeeded',
    wallMs: 220 + 40 + 200,
    overheadMs: 0,
    criticalPath: ['plan', 'facts', 'passages', 'review', 'answer'],
    nodes: {
      plan: { startMs: 0, endMs: 220, calls: [{ attempts: 3, waitMs: 150 }] },
      audit: { status: 'failed', endMs: 5, error: { kind: 'failed', message: 'disk full' } },
      facts: { startMs: 220, endMs: 260 },
      review: { status: 'skipped', startMs: 260, endMs: 260 },
      answer: { startMs: 260, endMs: 460 },
    },
  });
  expect(Math.max(...world.triesOf('search').map(({ inFlight }) => inFlight))).toBe(3);
});

test('the conditional node runs when its condition holds, and its value reaches the join', async () => {
  const world = supportWorld();
  const { output } = await world.run(support, { question: 'why?', careful: true });
  expect(output).toEqual({ answer: 'because of 5 passages, looks good', sources: 5 });
  expect(callsOf(world)).toEqual({ planner: 3, search: 5, audit: 1, critic: 1, writer: 1 });
});

test('under a deadline that the retries overrun, the run ends in time and tells where it was', async () => {
  const world = supportWorld();
  const { error, record } = await world.run(support, { question: 'why?' }, { deadlineMs: 200 });
  expect(error).toMatchObject({ kind: 'timed-out', at: 'plan' });
  expect(record.wallMs).toBeLessThanOrEqual(200);
  expect(callsOf(world)).toEqual({ planner: 3, search: 0, audit: 1, critic: 0, writer: 0 });
});
