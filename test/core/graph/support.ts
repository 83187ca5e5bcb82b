import { graph, model, retriever, tool } from 'cdk-compound-inference/graph';
import { z } from 'zod';
import { GraphError, type GraphFault } from '../../../core/graph';
import { RECOMMENDED_POLICIES } from '../../../core/graph/call-policies';

/** A graph that uses everything a definition can say. */
export function richGraph() {
  const planner = model('planner', { output: z.object({ queries: z.array(z.string()) }), format: 'converse' });
  const search = retriever('search', {
    input: z.object({ query: z.string() }),
    output: z.object({ passages: z.array(z.string()) }),
    concurrency: 16,
    singleFlight: true,
    cache: { forMs: 60_000, key: ['query'] },
  });
  const price = tool('price', {
    input: z.object({ sku: z.string() }),
    output: z.number(),
    format: { encode: (input) => JSON.stringify(input), decode: () => 1 },
  });

  return graph('support', {
    description: 'Answers questions about orders.',
    input: z.object({ question: z.string(), careful: z.boolean().default(false) }),
    output: z.object({ answer: z.string() }),
    timeout: { totalMs: 29_000, nodeMs: 10_000, firstChunkMs: 2_000, idleMs: 500 },
    retry: { attempts: 2, baseMs: 50, capMs: 1_000 },
    budgetUsd: 0.05,
    traceContents: ['writer', 'price'],
  })
    .node('plan', {
      call: planner,
      input: ({ input }) => input.question,
      timeout: { nodeMs: 5_000, firstChunkMs: 1_000, idleMs: 250 },
      retry: { attempts: 4, baseMs: 10, capMs: 100 },
    })
    .map('facts', ['plan'], {
      over: ({ plan }) => plan.queries,
      call: search,
      input: (query) => ({ query }),
      concurrency: 8,
      default: { passages: [] },
      when: ({ plan }) => plan.queries.length > 0,
    })
    .node('price', { call: price, input: () => ({ sku: 'a' }), optional: true })
    .compute('passages', ['facts'], ({ facts }) => facts?.flatMap(({ passages }) => passages) ?? [])
    .node('answer', ['passages', 'price'], {
      call: model('writer', { ...RECOMMENDED_POLICIES }),
      input: ({ input, passages, price: usd }) => `${input.question} ${passages.join('; ')} ${usd}`,
      when: ({ passages }) => passages.length > 0,
    })
    .output(['answer'], ({ answer }) => ({ answer: answer?.text ?? 'I do not know' }));
}

/** The faults with which a definition is refused. */
export function faultsOf(define: () => unknown): readonly GraphFault[] {
  try {
    define();
  } catch (error) {
    if (error instanceof GraphError) return error.faults;
    throw error;
  }
  return [];
}
