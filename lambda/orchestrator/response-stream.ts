import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Answer } from './http';

/** Tells the runtime of Lambda that a handler writes its answer to a stream; what `awslambda.streamifyResponse` sets. */
export const HANDLER_STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

/** The stream of an invocation, as the runtime hands it to such a handler. */
export interface ResponseStream extends NodeJS.WritableStream {
  /** Before the first write only. */
  setContentType(mediaType: string): void;
  /** Whether nothing can be sent any more. */
  readonly destroyed: boolean;
}

/** Aborted when a stream has closed: its caller went away, or has got everything. */
export function closing(stream: ResponseStream): AbortSignal {
  const controller = new AbortController();
  if (stream.destroyed) controller.abort();
  else stream.once('close', () => controller.abort());
  return controller.signal;
}

/**
 * What API Gateway takes from a function whose answers stream: status and headers as JSON, then zeros, then the body.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
 */
const INTEGRATION_MEDIA_TYPE = 'application/vnd.awslambda.http-integration-response';
export const END_OF_HEAD = '\0'.repeat(8);

/** Codes of errors: the caller went away while the answer was sent, or before. */
const GONE: ReadonlySet<string | undefined> = new Set(['ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_UNABLE_TO_PIPE']);

/** Resolves when all is sent, or the caller went away: what is not sent then is not made. @throws Error if the stream breaks otherwise */
export async function sendAnswer(answer: Answer, stream: ResponseStream): Promise<void> {
  const headers = { 'content-type': 'application/json', ...answer.headers };
  stream.setContentType(INTEGRATION_MEDIA_TYPE);
  stream.write(JSON.stringify({ statusCode: answer.status, headers }) + END_OF_HEAD);
  const chunks = 'json' in answer ? [answer.json] : answer.chunks;
  // One chunk ahead: what is not read yet stays where it can be joined.
  const body = Readable.from(chunks, { highWaterMark: 1 });
  try {
    await pipeline(body, stream);
  } catch (error) {
    // What was closed before is not piped to, and so nothing has ended what is made for it.
    if (!body.destroyed) await once(body.destroy(), 'close');
    // Nobody is left to answer, which is no error of the function.
    if (!GONE.has((error as NodeJS.ErrnoException).code)) throw error;
  }
}
