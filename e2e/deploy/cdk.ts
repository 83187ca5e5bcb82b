import { join } from 'node:path';
import { ACCOUNT, REGION } from '../account';
import { Process } from '../processes';
import { ROOT } from '../steps';
import type { Outputs } from './deployed';
import type { Emulator } from './emulator';

const LIMIT_MS = 240_000;

/** A stack, and the app in `e2e` that has it. */
export interface DeployedStack {
  readonly name: string;
  readonly app: string;
  /** What the app is told. */
  readonly context?: Readonly<Record<string, string>>;
}

/** The CDK command line of this project, with one stack, against the emulator. */
export class Cdk {
  #runs = 0;

  constructor(
    private readonly emulator: Emulator,
    private readonly logs: string,
    private readonly stack: DeployedStack,
  ) {}

  /** @throws Error if it fails */
  async bootstrap(): Promise<void> {
    // From a folder without an app, which it would only slow down.
    await this.#succeed(this.logs, 'bootstrap', `aws://${ACCOUNT}/${REGION}`);
  }

  /** @returns the outputs of the stack. @throws Error if it fails */
  async deploy(context: Readonly<Record<string, string>> = {}): Promise<Outputs> {
    const output = await this.#succeed(ROOT, 'deploy', ...this.#deployment(context));
    const line = new RegExp(`^${this.stack.name}\\.(\\w+) = (\\S+)$`, 'gm');
    return Object.fromEntries([...output.matchAll(line)].map(([, name, value]) => [name, value]));
  }

  /** @returns what it said. @throws Error if the deployment succeeds */
  async failToDeploy(context: Readonly<Record<string, string>> = {}): Promise<string> {
    const { code, output } = await this.#run(ROOT, 'deploy', this.#deployment(context));
    if (code !== 0) return output;
    throw new Error('the deployment was to fail, but it did not');
  }

  /** @throws Error if it fails */
  async destroy(): Promise<void> {
    await this.#succeed(ROOT, 'destroy', '--force', this.stack.name, ...this.#app());
  }

  /** The context in `cdk.json` is that of this project. */
  #app(context: Readonly<Record<string, string>> = {}): string[] {
    const { name, app } = this.stack;
    const command = `${process.execPath} --conditions=source --import tsx ${join('e2e', app)}`;
    const values = Object.entries({ ...this.stack.context, ...context });
    const told = values.flatMap(([key, value]) => ['--context', `${key}=${value}`]);
    return ['--app', command, '--output', join(this.logs, `${name}.out`), ...told];
  }

  #deployment(context: Readonly<Record<string, string>>): string[] {
    return [...this.#app(context), this.stack.name, '--require-approval', 'never', '--progress', 'events'];
  }

  async #succeed(folder: string, command: string, ...args: string[]): Promise<string> {
    const { code, output } = await this.#run(folder, command, args);
    if (code !== 0) throw new Error(`cdk ${command} failed:\n${output.slice(-3_000)}`);
    return output;
  }

  async #run(folder: string, command: string, args: readonly string[]): Promise<{ code: number; output: string }> {
    this.#runs += 1;
    const settings = ['--no-notices', '--ci', '--no-color'];
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
      log: join(this.logs, `${this.stack.name}-${this.#runs}-${command}.log`),
    });
    const code = await cdk.end(LIMIT_MS);
    return { code, output: cdk.stdout + cdk.stderr };
  }
}
