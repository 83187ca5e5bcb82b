import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A request as it came over the wire. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Reply = (response: ServerResponse, received: Received) => void;

/** A server on this machine that stands in for a service, and answers as the test says. */
export class Service {
  readonly received: Received[] = [];
  readonly sockets: Socket[] = [];
  #reply: Reply = () => {};
  readonly #server: Server;
  #port = 0;

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const received = {
          path: request.url ?? '',
          headers: request.headers,
          body: Buffer.concat(chunks).toString(),
        };
        this.received.push(received);
        this.#reply(response, received);
      });
    });
    this.#server.on('connection', (socket) => this.sockets.push(socket));
  }

  static async start(): Promise<Service> {
    const service = new Service();
    await new Promise<void>((resolve) => service.#server.listen(0, '127.0.0.1', resolve));
    const address = service.#server.address();
    if (typeof address === 'object' && address) service.#port = address.port;
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Forgets what came so far. */
  replies(reply: Reply): void {
    this.#reply = reply;
    this.received.length = 0;
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

/** Answers with a status, headers and a body, which is JSON unless it is text. */
export function answer(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-requestid': 'request-1', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

/** Answers with an error as AWS's JSON services do. */
export function awsError(status: number, code: string, message: string, fields: object = {}): Reply {
  return answer(status, { message, ...fields }, { 'x-amzn-errortype': `${code}:http://internal.amazon.com/` });
}

/** Breaks the connection in the middle of the body. */
export const breakOff: Reply = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"half":', () => response.destroy());
};

/** Holds `count` requests until all are there, so that they prove to run at once. */
export function together(count: number, reply: Reply): Reply {
  const waiting: (() => void)[] = [];
  return (response, received) => {
    waiting.push(() => reply(response, received));
    if (waiting.length === count) for (const release of waiting.splice(0)) release();
  };
}

/** Settles when the client has closed the connection of a request. */
export function closed({ socket }: ServerResponse): Promise<void> {
  return new Promise((resolve) => socket?.on('close', () => resolve()));
}

/** Points the AWS SDK at a service, for those that the variables name. Its own retries are asked for, to show that they stay off. */
export function useAws(service: Pick<Service, 'url'>, ...endpointVariables: readonly string[]): void {
  Object.assign(process.env, {
    ...Object.fromEntries(endpointVariables.map((each) => [each, service.url])),
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_MAX_ATTEMPTS: '5',
  });
}
