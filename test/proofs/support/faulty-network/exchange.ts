import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';

/** Headers that are about one connection; the proxy has its own. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding']);

/** One request on its way through the proxy. What it does to a client that has gone fails. */
export class Exchange {
  constructor(
    private readonly response: ServerResponse,
    private readonly forward: () => Promise<IncomingMessage>,
    /** Aborted when the exchange is over, or the client has gone. */
    readonly signal: AbortSignal,
  ) {}

  /** What the service answers, with its body unread. */
  ask(): Promise<IncomingMessage> {
    return this.forward();
  }

  async wait(delayMs: number): Promise<void> {
    await after(delayMs, undefined, { signal: this.signal });
  }

  /** Never ends by itself. */
  async hang(): Promise<never> {
    return this.#unlessOver<never>(() => {});
  }

  head(status: number, headers: IncomingHttpHeaders): void {
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined && !HOP_BY_HOP.has(name)) this.response.setHeader(name, value);
    }
    this.response.writeHead(status);
  }

  /** Resolves once the bytes have left. */
  async write(bytes: Uint8Array): Promise<void> {
    if (bytes.byteLength === 0) return this.response.flushHeaders();
    await this.#unlessOver<void>((resolve) => this.response.write(bytes, () => resolve()));
  }

  async end(): Promise<void> {
    await this.#unlessOver<void>((resolve) => this.response.end(() => resolve()));
  }

  /** Writes past HTTP. */
  async writeRaw(bytes: Uint8Array): Promise<void> {
    await this.#unlessOver<void>((resolve) => this.socket.write(bytes, () => resolve()));
  }

  /** Ends this direction of the connection; the other stays as it is. */
  halfClose(): void {
    this.socket.end();
  }

  reset(): void {
    this.socket.resetAndDestroy();
  }

  private get socket(): Socket {
    const { socket } = this.response;
    if (!socket) throw new Error('the client has gone');
    return socket;
  }

  /** Node.js forgets to call back for what it could not write any more. */
  #unlessOver<T>(begin: (resolve: (value: T) => void) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      this.signal.throwIfAborted();
      const onOver = () => reject(this.signal.reason);
      this.signal.addEventListener('abort', onOver, { once: true });
      begin((value) => {
        this.signal.removeEventListener('abort', onOver);
        resolve(value);
      });
    });
  }
}

/** What is left of a body, at once. */
export async function wholeOf(answer: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of answer) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
