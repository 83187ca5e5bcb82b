import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What came of an invocation. */
export interface Outcome {
  readonly kind: 'response' | 'error';
  readonly body: any;
}

/** Why a function could not be started. */
export interface InitError {
  readonly errorType: string;
  readonly errorMessage: string;
}

interface Invocation {
  readonly id: string;
  readonly event: unknown;
  readonly limitMs: number;
  readonly settle: (outcome: Outcome) => void;
  /** Takes an answer while it comes. @default - it is settled with when it has come */
  readonly take?: (answer: IncomingMessage) => void;
}

const BASE = '/2018-06-01/runtime';

/** What an invocation may take, as one of API Gateway may. */
const LIMIT_MS = 29_000;

/**
 * The Lambda service as the runtime client of one function sees it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class RuntimeApi {
  readonly #waiting: Invocation[] = [];
  readonly #inFlight = new Map<string, Invocation>();
  readonly #server: Server;
  readonly #initError: Promise<InitError>;
  #idle: ServerResponse | undefined;
  #failInit!: (error: InitError) => void;

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#initError = new Promise((resolve) => {
      this.#failInit = resolve;
    });
  }

  static async start(): Promise<RuntimeApi> {
    const api = new RuntimeApi();
    await new Promise<void>((resolve) => api.#server.listen(0, '127.0.0.1', resolve));
    return api;
  }

  /** For the variable `AWS_LAMBDA_RUNTIME_API`. */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** @param limitMs what the function is told that it may take */
  invoke(event: unknown, limitMs = LIMIT_MS): Promise<Outcome> {
    return new Promise((settle) => {
      this.#waiting.push({ id: randomUUID(), event, limitMs, settle });
      this.#dispatch();
    });
  }

  /** @returns the answer of a function that streams, as it comes; and the outcome of one that fails before */
  stream(event: unknown): Promise<IncomingMessage | Outcome> {
    return new Promise((settle) => {
      this.#waiting.push({ id: randomUUID(), event, limitMs: LIMIT_MS, settle, take: settle });
      this.#dispatch();
    });
  }

  /** Settles when the client reports that it could not load the function. */
  initError(): Promise<InitError> {
    return this.#initError;
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.startsWith(BASE) ? request.url.slice(BASE.length) : '';
    if (path === '/invocation/next') {
      this.#idle = response;
      this.#dispatch();
      return;
    }
    const [, id = '', kind] = /^\/invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
    const { take } = this.#inFlight.get(id) ?? {};
    if (kind === 'response' && take) {
      this.#inFlight.delete(id);
      request.once('end', () => response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}'));
      return take(request);
    }
    const body = await readOutcome(request);
    if (path === '/init/error') this.#failInit(body as InitError);
    else if (kind === 'response' || kind === 'error') this.#settle(id, { kind, body });
    else return void response.writeHead(404).end();
    response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}');
  }

  #settle(id: string, outcome: Outcome): void {
    this.#inFlight.get(id)?.settle(outcome);
    this.#inFlight.delete(id);
  }

  /** A client has one invocation at a time: it asks for the next when it is done. */
  #dispatch(): void {
    const invocation = this.#idle && this.#waiting.shift();
    if (!this.#idle || !invocation) return;
    this.#inFlight.set(invocation.id, invocation);
    this.#idle.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': invocation.id,
      'lambda-runtime-deadline-ms': String(Date.now() + invocation.limitMs),
      'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:us-east-1:123456789012:function:agent',
      'lambda-runtime-trace-id': 'Root=1-00000000-000000000000000000000000;Parent=0000000000000000;Sampled=0',
    });
    this.#idle.end(JSON.stringify(invocation.event));
    this.#idle = undefined;
  }
}

/** A streamed answer as API Gateway reads it, any other as it is. */
async function readOutcome(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  if (request.headers['content-type'] !== 'application/vnd.awslambda.http-integration-response')
    return JSON.parse(text);
  const [head = '', body] = text.split('\0'.repeat(8));
  return { ...JSON.parse(head), body };
}
