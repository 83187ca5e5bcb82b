import assert from 'node:assert/strict';
import type { Emulator } from './emulator';

/** What the stack tells about itself. */
export interface Outputs {
  readonly Url: string;
  readonly CallerArn: string;
  readonly StrangerArn: string;
  readonly LogGroup: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Requests to the API of the deployed stack, by those who may call it and those who may not. */
export class DeployedApi {
  readonly #base: string;

  constructor(
    private readonly emulator: Emulator,
    private readonly outputs: Outputs,
  ) {
    const [, api, stage] = /^https:\/\/(\w+)\.execute-api\.[^/]+\/(\w+)\/$/.exec(outputs.Url) ?? [];
    assert.ok(api && stage, outputs.Url);
    // The host name of the URL is Amazon's; the emulator has the same API under a path.
    this.#base = `${emulator.url}/_aws/execute-api/${api}/${stage}`;
  }

  get(path: string, role: string | null = this.outputs.CallerArn): Promise<ApiAnswer> {
    return this.#send({ method: 'GET', path, body: null, role });
  }

  run(agent: string, input: unknown, role: string | null = this.outputs.CallerArn): Promise<ApiAnswer> {
    return this.#send({ method: 'POST', path: `agents/${agent}/runs`, body: JSON.stringify(input), role });
  }

  async #send({
    path,
    ...request
  }: {
    method: string;
    path: string;
    body: string | null;
    role: string | null;
  }): Promise<ApiAnswer> {
    const headers: Record<string, string> = request.body === null ? {} : { 'content-type': 'application/json' };
    const [answer] = await this.emulator.calls([{ ...request, url: `${this.#base}/${path}`, headers }]);
    return answer;
  }
}
