import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ChatRequest } from '../../../../core/graph/chat';
import { listen } from '../../../support/listen';
import { wholeOf } from './exchange';

export interface RunningService {
  readonly url: string;
  close(): Promise<void>;
}

/** Characters of a part of a stream. */
const PART = 9;

/** An OpenAI-compatible server that answers at once. */
export async function startChatServer(answerTo: (request: ChatRequest) => string): Promise<RunningService> {
  const server = createServer((request, response) => {
    // The client may go at any time.
    reply(answerTo, request, response).catch(() => response.destroy());
  });
  return listen(server);
}

async function reply(
  answerTo: (request: ChatRequest) => string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { stream, ...asked } = JSON.parse((await wholeOf(request)).toString());
  const text = answerTo(asked);
  const usage = { prompt_tokens: 7, completion_tokens: text.length };
  if (!stream) {
    const body = JSON.stringify({ choices: [{ message: { content: text }, finish_reason: 'stop' }], usage });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
    response.end(body);
    return;
  }

  const send = (chunk: object) => response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const characters = Array.from(text);
  for (let at = 0; at < characters.length; at += PART) {
    send({ choices: [{ delta: { content: characters.slice(at, at + PART).join('') } }] });
    await nextTurn();
  }
  send({ choices: [{ delta: {}, finish_reason: 'stop' }] });
  send({ choices: [], usage });
  response.end('data: [DONE]\n\n');
}
