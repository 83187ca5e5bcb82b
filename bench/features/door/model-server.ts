// In a process of its own: chat models that stream, over HTTP, SageMaker and Bedrock. Sends its URL.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventMessage } from '../../../local/aws/event-stream.ts';
import { type Pace, paceIn, token } from './pace.ts';

/** How a service frames what its model writes. */
interface Wire {
  readonly mediaType: string;
  asked(request: any): string;
  token(text: string): string | Buffer;
  end(tokens: number): string | Buffer;
}

const sse = (document: unknown) => `data: ${JSON.stringify(document)}\n\n`;
const EVENT_STREAM = 'application/vnd.amazon.eventstream';

const HTTP: Wire = {
  mediaType: 'text/event-stream',
  asked: ({ messages }) => messages[0].content,
  token: (content) => sse({ choices: [{ index: 0, delta: { content }, finish_reason: null }] }),
  end: (completion_tokens) =>
    `${sse({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}${sse({
      choices: [],
      usage: { prompt_tokens: 10, completion_tokens },
    })}data: [DONE]\n\n`,
};

const SAGEMAKER: Wire = {
  ...HTTP,
  mediaType: EVENT_STREAM,
  token: (text) => eventMessage('PayloadPart', Buffer.from(HTTP.token(text))),
  end: (tokens) => eventMessage('PayloadPart', Buffer.from(HTTP.end(tokens))),
};

const CONVERSE: Wire = {
  mediaType: EVENT_STREAM,
  asked: ({ messages }) => messages[0].content[0].text,
  token: (text) => eventMessage('contentBlockDelta', { delta: { text }, contentBlockIndex: 0 }),
  end: (outputTokens) =>
    Buffer.concat([
      eventMessage('contentBlockStop', { contentBlockIndex: 0 }),
      eventMessage('messageStop', { stopReason: 'end_turn' }),
      eventMessage('metadata', {
        usage: { inputTokens: 10, outputTokens, totalTokens: 10 + outputTokens },
        metrics: { latencyMs: 1 },
      }),
    ]),
};

function wireOf(url: string): Wire {
  if (url.startsWith('/endpoints/')) return SAGEMAKER;
  return url.startsWith('/model/') ? CONVERSE : HTTP;
}

const server = createServer((request, response) => {
  const body: Buffer[] = [];
  request.on('data', (part: Buffer) => body.push(part));
  request.once('end', () => {
    const wire = wireOf(request.url!);
    const asked = wire.asked(JSON.parse(Buffer.concat(body).toString()));
    response.writeHead(200, { 'content-type': wire.mediaType });
    response.flushHeaders();
    write(response, wire, asked, paceIn(request.url!));
  });
});

/** Each token at its time, however late the one before was. */
function write(response: ServerResponse, wire: Wire, asked: string, { firstMs, gapMs, tokens }: Pace): void {
  const begunMs = performance.now();
  const writeFrom = (i: number) => {
    const dueMs = begunMs + firstMs + i * gapMs;
    setTimeout(
      () => {
        response.write(wire.token(token(asked, i)));
        if (i + 1 < tokens) writeFrom(i + 1);
        else response.end(wire.end(tokens));
      },
      Math.max(0, dueMs - performance.now()),
    );
  };
  writeFrom(0);
}

server.listen(0, '127.0.0.1', () => {
  process.send!(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.once('disconnect', () => process.exit());
