import assert from 'node:assert/strict';
import type { Emulator } from './emulator';

/** What the stack tells about itself. */
export interface Outputs {
  readonly Url: string;
  /** Of the API that tenants call. */
  readonly TenantUrl: string;
  readonly CallerArn: string;
  readonly StrangerArn: string;
  readonly LogGroup: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Who sends a request: a role that signs it, or somebody with a token, or nobody in particular. */
export interface Caller {
  readonly role?: string;
  readonly token?: string;
}

export const EVENTS = 'text/event-stream';

/** Requests to an API of the deployed stack, by those who may call it and those who may not. */
export class DeployedApi {
  readonly #base: string;

  /** @param caller whose requests they are where none other is given */
  constructor(
    private readonly emulator: Emulator,
    url: string,
    private readonly caller: Caller,
  ) {
    const [, api, stage] = /^https:\/\/(\w+)\.execute-api\.[^/]+\/(\w+)\/$/.exec(url) ?? [];
    assert.ok(api && stage, url);
    // The host name of the URL is Amazon's; the emulator has the same API under a path.
    this.#base = `${emulator.url}/_aws/execute-api/${api}/${stage}`;
  }

  get(path: string, caller = this.caller): Promise<ApiAnswer> {
    return this.#send('GET', path, null, caller);
  }

  run(agent: string, input: unknown, caller = this.caller): Promise<ApiAnswer> {
    return this.#send('POST', `agents/${agent}/runs`, JSON.stringify(input), caller);
  }

  /** Asks to be told of a run while it goes on. */
  follow(agent: string, input: unknown): Promise<ApiAnswer> {
    return this.#send('POST', `agents/${agent}/runs`, JSON.stringify(input), this.caller, EVENTS);
  }

  async #send(
    method: string,
    path: string,
    body: string | null,
    { role, token }: Caller,
    accept = '*/*',
  ): Promise<ApiAnswer> {
    const headers: Record<string, string> = {
      accept,
      ...(body !== null && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    const request = { method, url: `${this.#base}/${path}`, headers, body, role: role ?? null };
    const [answer] = await this.emulator.calls([request]);
    return answer;
  }
}
