import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { newKey, sign } from '../../test/lambda/authorizer/issuer';
import { AUDIENCE } from '../audience';
import { TOOLS } from './emulator';

const DAY_SECONDS = 24 * 60 * 60;

/** An issuer of tokens on this machine, over TLS as an API wants it. */
export class TlsIssuer {
  readonly #key = newKey('first');

  private constructor(
    private readonly server: Server,
    private readonly now: () => number,
  ) {
    server.on('request', (request, response) => {
      const isDiscovery = request.url?.endsWith('openid-configuration');
      const body = isDiscovery ? { issuer: this.url, jwks_uri: `${this.url}/keys` } : { keys: [this.#key.jwk] };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  }

  /** @param now the time by which its tokens expire */
  static async start(now: () => number): Promise<TlsIssuer> {
    const server = createServer({ cert: readFileSync(TOOLS.certificate), key: readFileSync(TOOLS.key) });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new TlsIssuer(server, now);
  }

  get url(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** A token for somebody of a tenant; one of another issuer's key if it is forged. */
  token(tenant: string, { isForged = false } = {}): string {
    const exp = Math.floor(this.now() / 1_000) + DAY_SECONDS;
    const claims = { iss: this.url, aud: AUDIENCE, sub: `user of ${tenant}`, tenant, exp };
    return sign(isForged ? newKey('first') : this.#key, claims);
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}
