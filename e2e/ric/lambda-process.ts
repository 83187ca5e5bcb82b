import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CREDENTIALS, REGION } from '../account';
import { Process } from '../processes';
import { type InitError, type Outcome, RuntimeApi } from './runtime-api';

const CLIENT = join(__dirname, 'node_modules/aws-lambda-ric/index.mjs');

export interface FunctionCode {
  /** Folder with the code. */
  readonly code: string;
  /** As in `index.handler`. */
  readonly handler: string;
}

/** A function in an execution environment of its own, under the runtime client that Lambda has. */
export class LambdaProcess {
  private constructor(
    private readonly api: RuntimeApi,
    private readonly process: Process,
    private readonly taskRoot: string,
  ) {}

  /** @param environment variables of the function */
  static async start(
    { code, handler }: FunctionCode,
    environment: Readonly<Record<string, string>>,
    log: string,
  ): Promise<LambdaProcess> {
    // Far from every node_modules: the bundle has to bring all it needs.
    const taskRoot = mkdtempSync(join(tmpdir(), 'compound-task-'));
    cpSync(code, taskRoot, { recursive: true });
    const api = await RuntimeApi.start();
    const process = new Process({
      command: globalThis.process.execPath,
      args: [CLIENT],
      cwd: taskRoot,
      env: { ...lambdaEnvironment(api.host, taskRoot, handler), ...environment },
      log,
    });
    return new LambdaProcess(api, process, taskRoot);
  }

  /** @param limitMs what the function is told that it may take. @default - as long as API Gateway waits */
  invoke(event: unknown, limitMs?: number): Promise<Outcome> {
    return this.api.invoke(event, limitMs);
  }

  /** @returns the answer as it comes */
  async stream(event: unknown): Promise<IncomingMessage> {
    const answer = await this.api.stream(event);
    if ('kind' in answer) throw new Error(`the function answered no stream: ${JSON.stringify(answer)}`);
    return answer;
  }

  initError(): Promise<InitError> {
    return this.api.initError();
  }

  /** What the function has written to its log. */
  get output(): string {
    return this.process.stdout;
  }

  async stop(): Promise<void> {
    await this.process.stop();
    await this.api.stop();
    rmSync(this.taskRoot, { recursive: true, force: true });
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
function lambdaEnvironment(runtimeApi: string, taskRoot: string, handler: string): Record<string, string> {
  return {
    ...CREDENTIALS,
    _HANDLER: handler,
    AWS_DEFAULT_REGION: REGION,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
    AWS_LAMBDA_FUNCTION_NAME: 'function',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/function',
    AWS_LAMBDA_LOG_STREAM_NAME: '2026/01/01/[$LATEST]0123456789abcdef',
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    AWS_REGION: REGION,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    LAMBDA_TASK_ROOT: taskRoot,
    LANG: 'en_US.UTF-8',
    PATH: '/usr/local/bin:/usr/bin:/bin',
    TZ: ':UTC',
  };
}
