import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JwtSettings } from '../../../core/api/jwt-settings';
import type { AuthorizerRequest } from '../../../lambda/authorizer/authorizer';

interface Key {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly jwk: object;
}

export function newKey(kid: string): Key {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' } };
}

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

/** A token signed with RS256. */
export function sign(key: Key, payload: object, header: object = {}): string {
  const signed = `${encode({ alg: 'RS256', kid: key.kid, ...header })}.${encode(payload)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key.privateKey, 'base64url')}`;
}

/** The stage of the API that is asked for. */
export const STAGE_ARN = 'arn:aws:execute-api:us-east-1:123456789012:abcdef1234/prod';

/** What the gateway asks the authorizer when a caller sends a token. */
export function requestWith(token: string, path = 'GET/agents'): AuthorizerRequest & { readonly type: 'TOKEN' } {
  return { type: 'TOKEN', authorizationToken: `Bearer ${token}`, methodArn: `${STAGE_ARN}/${path}` };
}

/** An issuer of tokens on this machine: its discovery document and its keys over HTTP. */
export class Issuer {
  public keys: Key[] = [];
  /** Status of all answers. */
  public status = 200;
  /** Paths that were asked for. */
  public readonly asked: string[] = [];
  /** What the discovery document says of its own name, if that is not so. */
  public calledItself?: string;

  /** Where the discovery document says that the keys are, if not here. */
  public keysAt?: string;

  readonly #server: Server = createServer((request, response) => {
    this.asked.push(request.url!);
    const body = request.url!.endsWith('openid-configuration')
      ? { issuer: this.calledItself ?? this.url, jwks_uri: this.keysAt ?? `${this.url}/keys` }
      : { keys: this.keys.map(({ jwk }) => jwk) };
    response.writeHead(this.status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });

  public get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Of an authorizer that trusts this issuer. */
  public get settings(): JwtSettings {
    return { issuer: this.url, audience: ['agents'], tokenUse: 'access', scopes: [], clockToleranceSeconds: 0 };
  }

  /** Claims that those settings let in until a time, in seconds since 1970; for a minute if none is given. */
  public claims(exp = Math.floor(Date.now() / 1_000) + 60) {
    return { iss: this.url, aud: 'agents', sub: 'ada', exp };
  }

  public async start(): Promise<void> {
    await new Promise<void>((resolve) => void this.#server.listen(0, '127.0.0.1', resolve));
  }

  public async stop(): Promise<void> {
    await new Promise((resolve) => void this.#server.close(resolve));
  }
}
