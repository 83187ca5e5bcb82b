import { join } from 'node:path';
import { ACCOUNT, REGION } from '../account';
import { Process } from '../processes';
import { ROOT } from '../steps';
import type { Outputs } from './deployed';
import type { Emulator } from './emulator';

const LIMIT_MS = 120_000;

/** The CDK command line of this project, against the emulator. */
export class Cdk {
  #runs = 0;

  constructor(
    private readonly emulator: Emulator,
    private readonly logs: string,
  ) {}

  /** @throws Error if it fails */
  async bootstrap(): Promise<void> {
    // From a folder without an app, which it would only slow down.
    await this.#succeed(this.logs, 'bootstrap', `aws://${ACCOUNT}/${REGION}`);
  }

  /** @returns the outputs of the stack. @throws Error if it fails */
  async deploy(weights: string): Promise<Outputs> {
    const output = await this.#succeed(ROOT, 'deploy', ...deployment(weights));
    const outputs = [...output.matchAll(/^E2e\.(\w+) = (\S+)$/gm)].map(([, name, value]) => [name, value]);
    return Object.fromEntries(outputs);
  }

  /** @returns what it said. @throws Error if the deployment succeeds */
  async failToDeploy(weights: string): Promise<string> {
    const { code, output } = await this.#run(ROOT, 'deploy', deployment(weights));
    if (code !== 0) return output;
    throw new Error('the deployment was to fail, but it did not');
  }

  /** @throws Error if it fails */
  async destroy(): Promise<void> {
    await this.#succeed(ROOT, 'destroy', '--force', 'E2e', ...APP);
  }

  async #succeed(folder: string, command: string, ...args: string[]): Promise<string> {
    const { code, output } = await this.#run(folder, command, args);
    if (code !== 0) throw new Error(`cdk ${command} failed:\n${output.slice(-3_000)}`);
    return output;
  }

  async #run(folder: string, command: string, args: readonly string[]): Promise<{ code: number; output: string }> {
    this.#runs += 1;
    const settings = ['--output', join(this.logs, 'cdk.out'), '--no-notices', '--ci', '--no-color'];
    const cdk = new Process({
      command: process.execPath,
      args: [join(ROOT, 'node_modules/aws-cdk/bin/cdk'), command, ...args, ...settings],
      cwd: folder,
      env: {
        ...this.emulator.environment,
        PATH: process.env.PATH ?? '',
        HOME: this.logs,
        // Where it remembers to which account credentials belong.
        CDK_HOME: join(this.logs, '.cdk'),
        CDK_DISABLE_CLI_TELEMETRY: '1',
      },
      log: join(this.logs, `cdk-${this.#runs}-${command}.log`),
    });
    const code = await cdk.end(LIMIT_MS);
    return { code, output: cdk.stdout + cdk.stderr };
  }
}

/** The context in `cdk.json` is that of this project. */
const APP = ['--app', `${process.execPath} --conditions=source --import tsx ${join('e2e', 'app.ts')}`];

const deployment = (weights: string) => [
  ...APP,
  'E2e',
  '--require-approval',
  'never',
  '--progress',
  'events',
  '--context',
  `weights=${weights}`,
];
