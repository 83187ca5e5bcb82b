import type { AgentHandler } from '../../../lambda/orchestrator';
import { HttpServer } from '../../../local/aws/http-server';
import { gatewayListener } from '../../../local/gateway/gateway';
import { type Listening, listen } from '../../support/listen';

/** A function behind a gateway, on a real port. */
export class Gateway {
  private constructor(private readonly listening: Listening) {}

  static async start(handler: AgentHandler): Promise<Gateway> {
    return new Gateway(await listen(new HttpServer(gatewayListener(() => handler))));
  }

  get url(): string {
    return this.listening.url;
  }

  stop(): Promise<void> {
    return this.listening.close();
  }
}
