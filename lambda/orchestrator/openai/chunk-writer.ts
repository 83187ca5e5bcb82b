import { type CompletionHeader, chunk, lastChunk, usageChunk } from '../../../core/api/openai/completion';
import type { StreamWriter } from '../run-stream';
import type { AnswerText } from './answer-text';
import { errorJson } from './error-answer';

/** Ends a stream that was not cut off. */
const DONE = 'data: [DONE]\n\n';

/** Tells a run as the stream of a chat completion. While nothing is to tell, comments keep the connection open. */
export function chunkWriter(header: CompletionHeader, answer: AnswerText, includeUsage: boolean): StreamWriter {
  // Who asks for the usage finds the field in every part, and null in all but the last.
  const part = (json: object) => sent(includeUsage ? { ...json, usage: null } : json);
  const delta = (content: string) => (content === '' ? '' : part(chunk(header, { content })));
  return {
    opensAt: 'first-event',
    takes: (event) => answer.isPart(event),
    begin: () => part(chunk(header, { role: 'assistant', content: '' })),
    event: (event) => (event.type === 'text' ? delta(event.text) : ': heartbeat\n\n'),
    output: (_, result) => {
      const { rest, finishReason } = answer.complete(result);
      const usage = includeUsage ? sent(usageChunk(header, result.record.usage)) : '';
      return delta(rest) + part(lastChunk(header, finishReason)) + usage + DONE;
    },
    error: (problem) => `data: ${errorJson(problem)}\n\n`,
  };
}

function sent(json: object): string {
  return `data: ${JSON.stringify(json)}\n\n`;
}
