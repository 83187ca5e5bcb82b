import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACCOUNT, CREDENTIALS, REGION } from '../account';
import { Process } from '../processes';
import { eventually, ROOT } from '../steps';

/** Where `scripts/e2e-deploy.mjs` has put what the emulator needs. */
export const TOOLS = {
  python: join(ROOT, '.cache/e2e/venv/bin/python'),
  certificate: join(ROOT, '.cache/e2e/tls/server.crt'),
  key: join(ROOT, '.cache/e2e/tls/server.key'),
};

const START_LIMIT_MS = 30_000;
const CALLS_LIMIT_MS = 90_000;

/** A call of an AWS service, or a request to an API behind API Gateway. */
export type Call =
  | { readonly service: string; readonly operation: string; readonly parameters: Readonly<Record<string, unknown>> }
  | {
      readonly method: string;
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string | null;
      /** Who signs it; nobody if null. */
      readonly role: string | null;
    };

/**
 * MiniStack: CloudFormation, IAM, Lambda, API Gateway and others on this machine.
 *
 * It checks signatures and permissions as AWS does, functions have the rights of their roles, and it speaks TLS, because
 * the bootstrap stack denies access to its bucket without.
 */
export class Emulator {
  private constructor(
    private readonly process: Process,
    private readonly folder: string,
    /** Endpoint of all services. */
    readonly url: string,
  ) {}

  /** @param environment variables that all functions see besides their own */
  static async start(environment: Readonly<Record<string, string>>, log: string): Promise<Emulator> {
    const port = await freePort();
    // Far from every node_modules: the code of the functions runs from here, and has to bring all it needs.
    const folder = mkdtempSync(join(tmpdir(), 'compound-emulator-'));
    const process = new Process({
      command: TOOLS.python,
      args: [join(__dirname, 'emulator.py')],
      cwd: folder,
      env: {
        ...environment,
        ...CREDENTIALS,
        PATH: [join(ROOT, 'node_modules/.bin'), '/usr/local/bin', '/usr/bin', '/bin'].join(':'),
        HOME: folder,
        TMPDIR: folder,
        NODE_EXTRA_CA_CERTS: TOOLS.certificate,
        AUTH: 'true',
        BIND_HOST: '127.0.0.1',
        GATEWAY_PORT: String(port),
        MINISTACK_ACCOUNT_ID: ACCOUNT,
        MINISTACK_REGION: REGION,
        MINISTACK_SSL_CERT: TOOLS.certificate,
        MINISTACK_SSL_KEY: TOOLS.key,
        PYTHONUNBUFFERED: '1',
        USE_SSL: '1',
      },
      log,
    });
    const url = `https://127.0.0.1:${port}`;
    await eventually('the emulator to start', START_LIMIT_MS, async () => {
      if (process.hasEnded) throw new Error(`the emulator ended at once:\n${process.stderr.slice(-2_000)}`);
      return fetch(`${url}/_ministack/health`).then(
        ({ ok }) => ok,
        () => false,
      );
    });
    return new Emulator(process, folder, url);
  }

  /** What makes AWS tools, the CDK among them, talk to the emulator and to nothing else. */
  get environment(): Record<string, string> {
    const nowhere = join(this.folder, 'none');
    return {
      ...CREDENTIALS,
      AWS_CA_BUNDLE: TOOLS.certificate,
      AWS_CONFIG_FILE: nowhere,
      AWS_DEFAULT_REGION: REGION,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ENDPOINT_URL: this.url,
      AWS_REGION: REGION,
      AWS_SHARED_CREDENTIALS_FILE: nowhere,
      NODE_EXTRA_CA_CERTS: TOOLS.certificate,
    };
  }

  /** Answers of the calls, each with all its pages. */
  async calls(calls: readonly Call[]): Promise<any[]> {
    const client = new Process({
      command: TOOLS.python,
      args: [join(__dirname, 'aws.py')],
      cwd: this.folder,
      env: this.environment,
      input: JSON.stringify(calls),
    });
    if ((await client.end(CALLS_LIMIT_MS)) === 0) return JSON.parse(client.stdout);
    throw new Error(client.stderr.slice(-2_000));
  }

  async stop(): Promise<void> {
    await this.process.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
