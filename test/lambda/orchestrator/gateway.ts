import type { AddressInfo } from 'node:net';
import type { AgentHandler } from '../../../lambda/orchestrator';
import { HttpServer } from '../../../local/aws/http-server';
import { gatewayListener } from '../../../local/gateway/gateway';

/** A function behind a gateway, on a real port. */
export class Gateway {
  readonly #server: HttpServer;

  private constructor(server: HttpServer) {
    this.#server = server;
  }

  static async start(handler: AgentHandler): Promise<Gateway> {
    const server = new HttpServer(gatewayListener(() => handler));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Gateway(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
