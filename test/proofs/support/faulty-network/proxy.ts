import { Agent, createServer, type IncomingMessage, request as openRequest, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Exchange } from './exchange';
import { FAULTS, type FaultName } from './faults';
import type { Weather } from './weather';

/** Every request names the run that makes it, as in `run-17`. */
const RUN = /\brun-(\d+)\b/;

/** What befell a request that is under way. */
export interface OpenRequest {
  readonly fault: FaultName;
  readonly path: string;
}

/** An HTTP service on this machine, as clients reach it on a bad day: on real sockets, with faults of whatever kind. */
export class FaultyProxy {
  /** Requests so far, by what befell them. */
  readonly requests = new Map<FaultName, number>();
  /** Requests under way, by run. */
  readonly #open = new Map<number, Set<OpenRequest>>();
  readonly #agent = new Agent({ keepAlive: true });
  readonly #server = createServer((request, response) => void this.#receive(request, response));

  #gather: ((signal: AbortSignal) => Promise<void>) | undefined;

  private constructor(
    private readonly target: string,
    private readonly weather: Weather,
  ) {
    // What goes wrong with a connection is the point of all this.
    this.#server.on('clientError', (_, socket) => socket.destroy());
  }

  static async start(target: string, weather: Weather): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(target, weather);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The requests that are still open: those of a run, or all. */
  openOf(run?: number): readonly OpenRequest[] {
    const runs = run === undefined ? [...this.#open.values()] : [this.#open.get(run) ?? []];
    return runs.flatMap((requests) => [...requests]);
  }

  forget(run: number): void {
    this.weather.forget(run);
  }

  /** From here on nothing goes wrong; `gather` says when a request is passed on. */
  calm(gather: (signal: AbortSignal) => Promise<void>): void {
    this.#gather = gather;
  }

  /** From here on faults befall requests again. */
  endCalm(): void {
    this.#gather = undefined;
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const over = new AbortController();
    const { socket } = request;
    const onClose = () => over.abort();
    socket.once('close', onClose);
    socket.on('error', onClose);
    let leave = () => {};
    try {
      const body = await bodyOf(request);
      const text = body.toString();
      const run = Number(RUN.exec(text)?.[1] ?? -1);
      const lot = this.weather.lotOf(run, `${request.url} ${text}`);
      const { fault, random } = this.#gather ? { ...lot, fault: 'none' as const } : lot;
      if (!this.#gather) this.requests.set(fault, (this.requests.get(fault) ?? 0) + 1);
      leave = this.#enter(run, { fault, path: request.url ?? '' });
      const exchange = new Exchange(response, () => this.#forward(request, body, over.signal), over.signal);
      await this.#gather?.(over.signal);
      await FAULTS[fault](exchange, random);
    } catch {
      // The client has gone, or the service broke off.
      socket.destroy();
    } finally {
      socket.off('close', onClose);
      socket.off('error', onClose);
      over.abort();
      leave();
    }
  }

  #enter(run: number, request: OpenRequest): () => void {
    const open = this.#open.get(run) ?? new Set();
    this.#open.set(run, open);
    open.add(request);
    return () => {
      open.delete(request);
      if (open.size === 0) this.#open.delete(run);
    };
  }

  #forward({ method, url, headers }: IncomingMessage, body: Buffer, signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const forwarded = openRequest(`${this.target}${url}`, { method, headers, agent: this.#agent, signal });
      forwarded.on('response', resolve).on('error', reject).end(body);
    });
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
