import { Writable } from 'node:stream';
import type { ResponseStream } from '../../lambda/orchestrator';
import type { HttpResponse } from '../aws';
import { IntegrationTimeout, STREAM_IDLE_TIMEOUT_MS } from './integration-timeout';

/** Between what a function says of its answer and the answer itself. */
const END_OF_HEAD = Buffer.alloc(8);

/** How far API Gateway looks for that (https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html). */
const MAX_HEAD_BYTES = 16 * 1024;

interface Head {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, unknown>>;
}

/**
 * Passes to a caller what a function streams, as fast as the caller takes it: first status and headers as JSON, then eight
 * zeros, then the body. Breaks when the caller goes away.
 */
export class StreamedResponse extends Writable implements ResponseStream {
  /** Rejects when it breaks. */
  readonly broken: Promise<never>;
  readonly #response: HttpResponse;
  readonly #idle: NodeJS.Timeout;
  #head: Buffer | undefined = Buffer.alloc(0);

  constructor(response: HttpResponse) {
    super();
    this.#response = response;
    const silence = new IntegrationTimeout(`nothing came for ${STREAM_IDLE_TIMEOUT_MS} ms`);
    this.#idle = setTimeout(() => this.destroy(silence), STREAM_IDLE_TIMEOUT_MS);
    response.once('close', () => this.destroy(new Error('the caller went away')));
    this.broken = new Promise((_, reject) => this.once('error', reject));
    // Nobody may look.
    this.broken.catch(() => {});
  }

  /** The answer says its own type in the head. */
  setContentType(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.#idle.refresh();
    try {
      const body = this.#head ? this.#readHead(Buffer.concat([this.#head, chunk])) : chunk;
      const sink: Writable = this.#response;
      if (body.length === 0 || sink.write(body)) done();
      else sink.once('drain', () => done());
    } catch (error) {
      done(error as Error);
    }
  }

  override _final(done: (error?: Error) => void): void {
    if (this.#head) done(new Error('the function ended before it had sent a head'));
    else this.#response.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#idle);
    done(error);
  }

  /** What follows the head, once that is there. @throws Error if it is none, or HTTP cannot carry it */
  #readHead(bytes: Buffer): Buffer {
    const end = bytes.indexOf(END_OF_HEAD);
    if (end < 0 && bytes.length <= MAX_HEAD_BYTES) {
      this.#head = bytes;
      return Buffer.alloc(0);
    }
    const { statusCode, headers = {} }: Head = JSON.parse(bytes.toString('utf8', 0, end));
    for (const [name, value] of Object.entries(headers)) {
      this.#response.setHeader(name, Array.isArray(value) ? value.map(String) : String(value));
    }
    this.#response.statusCode = statusCode;
    // At once, though the body may be long in coming.
    if ('flushHeaders' in this.#response) this.#response.flushHeaders();
    else this.#response.writeHead(statusCode);
    this.#head = undefined;
    return bytes.subarray(end + END_OF_HEAD.length);
  }
}
