import { type CompletionHeader, chunk, lastChunk, usageChunk } from '../../../core/api/openai/completion';
import type { StreamWriter } from '../run-stream';
import type { AnswerText } from './answer-text';
import { errorJson } from './error-answer';

/** Ends a stream that was not cut off. */
const DONE = 'data: [DONE]\n\n';

/** Tells a run as the stream of a chat completion. While nothing is to tell, comments keep the connection open. */
export function chunkWriter(header: CompletionHeader, answer: AnswerText, includeUsage: boolean): StreamWriter {
  const delta = (content: string) => (content === '' ? '' : sent(chunk(header, { content })));
  return {
    takesNodeEvents: false,
    begin: () => sent(chunk(header, { role: 'assistant', content: '' })),
    event: (event) => {
      if (event.type === 'heartbeat') return ': heartbeat\n\n';
      return answer.isPart(event) ? delta(event.text) : '';
    },
    output: (_, result) => {
      const { rest } = answer.complete(result);
      const usage = includeUsage ? sent(usageChunk(header, result.record.usage)) : '';
      return delta(rest) + sent(lastChunk(header)) + usage + DONE;
    },
    error: (problem) => `data: ${errorJson(problem)}\n\n`,
  };
}

function sent(json: object): string {
  return `data: ${JSON.stringify(json)}\n\n`;
}
