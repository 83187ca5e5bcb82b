/* What TypeScript must refuse of streams. Each expected error that does not occur fails the type check. */
import { graph, model, streamOf, tool } from 'cdk-compound-inference/graph';
import { z } from 'zod';

const search = tool('search', { input: z.string(), output: z.object({ passages: z.array(z.string()) }) });
const writer = model('writer');
const start = graph('support', { input: z.object({ question: z.string() }) })
  .node('draft', { call: writer, input: ({ input }) => input.question, stream: true })
  .node('title', { call: writer, input: ({ input }) => input.question });

async function* lengths(parts: AsyncIterable<string>) {
  for await (const part of parts) yield part.length;
}

// What streams is read as it comes, or has its value at the end.
start
  .compute('lengths', [streamOf('draft'), 'title'], ({ draft, title }) => lengths(withTitle(draft, title.text)), {
    stream: true,
  })
  .map('found', [streamOf('lengths'), 'draft'], {
    over: ({ lengths: each }) => each,
    call: search,
    input: (length, { draft }) => `${length.toFixed()} of ${draft.text}`,
    stream: true,
  })
  .compute('first', [streamOf('found')], async ({ found }) => {
    for await (const { passages } of found) return passages[0];
    return undefined;
  })
  .output(['lengths', 'found', 'first'], ({ lengths: all, found, first }) => [
    Math.max(...all),
    found.map(({ passages }) => passages.length),
    first?.length,
  ]);
declare function withTitle(parts: AsyncIterable<string>, title: string): AsyncIterable<string>;

// @ts-expect-error a node that does not stream cannot be read
start.compute('x', [streamOf('title')], ({ title }) => title);
// @ts-expect-error a stream is no value
start.compute('x', [streamOf('draft')], ({ draft }) => draft.text);
// @ts-expect-error a value is no stream
start.compute('x', ['draft'], ({ draft }) => lengths(draft));
// @ts-expect-error a call waits for what it needs
start.node('x', [streamOf('draft')], { call: writer, input: () => 'hi' });
// @ts-expect-error only a text can be passed on in parts
start.node('x', { call: search, input: () => 'hi', stream: true });
// @ts-expect-error what streams must yield
start.compute('x', [], () => 5, { stream: true });
start
  .compute('counted', [streamOf('draft')], ({ draft }) => lengths(draft), { stream: true })
  // @ts-expect-error the chunks are numbers
  .map('x', [streamOf('counted')], { over: ({ counted }) => counted, call: search, input: (count) => count });
