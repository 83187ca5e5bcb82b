import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Answer } from './http';

/** Tells the runtime of Lambda that a handler writes its answer to a stream; what `awslambda.streamifyResponse` sets. */
export const HANDLER_STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

/** The stream of an invocation, as the runtime hands it to such a handler. */
export interface ResponseStream extends NodeJS.WritableStream {
  /** Before the first write only. */
  setContentType(mediaType: string): void;
}

/**
 * What API Gateway takes from a function whose answers stream: status and headers as JSON, then zeros, then the body.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
 */
const INTEGRATION_MEDIA_TYPE = 'application/vnd.awslambda.http-integration-response';
export const END_OF_HEAD = '\0'.repeat(8);

/** Resolves when all is sent. @throws Error if the stream breaks: the caller went away, and what is not sent is not made */
export async function sendAnswer(answer: Answer, stream: ResponseStream): Promise<void> {
  const headers = { 'content-type': 'application/json', ...answer.headers };
  stream.setContentType(INTEGRATION_MEDIA_TYPE);
  stream.write(JSON.stringify({ statusCode: answer.status, headers }) + END_OF_HEAD);
  const chunks = 'json' in answer ? [answer.json] : answer.chunks;
  // One chunk ahead: what is not read yet stays where it can be joined.
  await pipeline(Readable.from(chunks, { highWaterMark: 1 }), stream);
}
