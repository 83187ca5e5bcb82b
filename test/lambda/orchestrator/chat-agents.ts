import { z } from 'zod';
import { type ChatMessage, graph, model, streamOf, tool } from '../../../core/graph';

const writer = model('writer');

const Messages = z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() }));

/** Takes a conversation, and passes on what the writer writes. */
export const chat = graph('chat', {
  description: 'Goes on with a conversation',
  input: z.object({ messages: Messages, maxTokens: z.number().optional() }),
  chat: { text: 'answer' },
  retry: { attempts: 1 },
})
  .node('answer', {
    call: writer,
    input: ({ input: { messages, maxTokens } }) => ({ messages, ...(maxTokens !== undefined && { maxTokens }) }),
    stream: true,
  })
  .output(({ answer }) => ({ answer: answer.text, letters: answer.text.length }));

/** Takes one question, and writes it large: what streams is not what it answers. */
export const shout = graph('shout', { input: z.object({ question: z.string() }), retry: { attempts: 1 } })
  .node('answer', { call: writer, input: ({ input }) => input.question, stream: true })
  .output(({ answer }) => ({ answer: answer.text.toUpperCase(), letters: answer.text.length }));

/** Writes large what the writer writes, while it does; it knows no better than to stop at a question. */
export const loud = graph('loud', { input: z.string(), chat: { text: 'large' }, retry: { attempts: 1 } })
  .node('draft', { call: writer, input: ({ input }) => input, stream: true })
  .compute('large', [streamOf('draft')], ({ draft }) => large(draft), { stream: true })
  .output(({ large: parts }) => ({ parts: parts.length }));

async function* large(written: AsyncIterable<string>) {
  for await (const part of written) {
    if (part.includes('?')) throw new Error('a question');
    yield part.toUpperCase();
  }
}

/** Answers in spite of its writer. */
export const calm = graph('calm', { input: z.string(), chat: { text: 'answer' }, retry: { attempts: 1 } })
  .node('answer', { call: writer, input: ({ input }) => input, stream: true, optional: true })
  .output(({ answer }) => answer?.text ?? 'I cannot say.');

/** Says itself what a conversation means to it. */
export const count = graph('count', {
  input: z.object({ words: z.number(), of: z.string() }),
  output: z.object({ words: z.number() }),
  chat: {
    input: ({ messages }) => ({ words: lengthOf(messages), of: messages.at(-1)!.content }),
    text: ({ words }) => `${words} words`,
  },
})
  .compute('sum', [], ({ input }) => input.words)
  .output(({ sum }) => ({ words: sum }));

/** An agent as any other. */
export const greet = graph('greet', {
  description: 'Greets people',
  input: z.object({ name: z.string() }),
  output: z.object({ greeting: z.string() }),
  retry: { attempts: 1 },
})
  .node('greeting', { call: writer, input: ({ input }) => `Greet ${input.name}` })
  .output(({ greeting }) => ({ greeting: greeting.text }));

/** Takes what no conversation says. */
export const add = graph('add', {
  description: 'Adds two numbers',
  input: z.object({ a: z.number(), b: z.number() }),
  output: z.object({ sum: z.number() }),
})
  .node('sum', {
    call: tool('adder', { input: z.array(z.number()), output: z.number() }),
    input: ({ input }) => [input.a, input.b],
  })
  .output(({ sum }) => ({ sum }));

function lengthOf(messages: readonly ChatMessage[]): number {
  return messages.flatMap(({ content }) => content.split(' ')).length;
}
