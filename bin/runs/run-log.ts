import {
  CloudWatchLogsClient,
  paginateDescribeLogGroups,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import { RUN_RECORD_MESSAGE, readStoredRun, type StoredRun } from '../../core/report/stored-run';
import { errorLike } from '../../lambda/backends/error-like';

/** Where runs are looked for. */
export interface RunLogPlace {
  /** The log group of one agent. */
  readonly logGroup?: string;
  /** A stack of CloudFormation: all log groups of its functions are searched. */
  readonly stack?: string;
  /** A local stack: the log groups of all of its agents are searched. */
  readonly stackUrl?: string;
}

/** Groups of the functions of a local stack, and of functions that make their own. */
const FUNCTION_GROUPS = '/aws/lambda/';

/** Reads the records of runs from CloudWatch Logs. */
export class RunLog {
  readonly #client: CloudWatchLogsClient;

  constructor(private readonly place: RunLogPlace) {
    const { stackUrl } = place;
    this.#client = new CloudWatchLogsClient(
      stackUrl === undefined
        ? {}
        : { endpoint: stackUrl, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } },
    );
  }

  /** @throws Error that says what to do */
  async find(runId: string, sinceMs: number): Promise<StoredRun | undefined> {
    const pattern = `{ $.message = "${RUN_RECORD_MESSAGE}" && $.runId = ${JSON.stringify(runId)} }`;
    for (const group of await this.#groups()) {
      for await (const run of this.#read(group, pattern, sinceMs)) return run;
    }
    return undefined;
  }

  /** The oldest first. @throws Error that says what to do */
  async list(sinceMs: number): Promise<StoredRun[]> {
    const runs: StoredRun[] = [];
    for (const group of await this.#groups()) {
      for await (const run of this.#read(group, `{ $.message = "${RUN_RECORD_MESSAGE}" }`, sinceMs)) runs.push(run);
    }
    return runs.toSorted((a, b) => (a.timestamp < b.timestamp ? -1 : 1));
  }

  close(): void {
    this.#client.destroy();
  }

  async #groups(): Promise<readonly string[]> {
    const { logGroup, stack } = this.place;
    if (logGroup !== undefined) return [logGroup];
    const prefixes = stack === undefined ? [FUNCTION_GROUPS] : [`${stack}-`, `${FUNCTION_GROUPS}${stack}-`];
    const names: string[] = [];
    try {
      for (const logGroupNamePrefix of prefixes) {
        for await (const { logGroups = [] } of paginateDescribeLogGroups(
          { client: this.#client },
          { logGroupNamePrefix },
        ))
          names.push(...logGroups.flatMap(({ logGroupName }) => logGroupName ?? []));
      }
    } catch (error) {
      throw new Error(remedyOf(error, 'logs:DescribeLogGroups', this.#where()), { cause: error });
    }
    if (names.length === 0)
      throw new Error(`${this.#where()} has no log group: name the one of the agent with --log-group`);
    return names;
  }

  async *#read(group: string, filterPattern: string, startTime: number): AsyncGenerator<StoredRun> {
    try {
      const pages = paginateFilterLogEvents(
        { client: this.#client },
        { logGroupName: group, filterPattern, startTime },
      );
      for await (const { events = [] } of pages) {
        for (const { message = '' } of events) {
          const run = readStoredRun(message);
          if (run) yield run;
        }
      }
    } catch (error) {
      if (errorLike(error).name === 'Error') throw error;
      throw new Error(remedyOf(error, 'logs:FilterLogEvents', `log group ${group}`), { cause: error });
    }
  }

  #where(): string {
    const { stack, stackUrl } = this.place;
    return stack === undefined ? `the stack at ${stackUrl}` : `stack ${stack}`;
  }
}

function remedyOf(error: unknown, permission: string, where: string): string {
  const { name = 'Error', message = '' } = errorLike(error);
  switch (name) {
    case 'ResourceNotFoundException':
      return `there is no ${where} in this account and Region: name that of the agent's function with --log-group, and its Region with AWS_REGION`;
    case 'AccessDeniedException':
      return `${where} may not be read: allow ${permission} on it (${message})`;
    case 'CredentialsProviderError':
      return `there are no AWS credentials: sign in, or set AWS_PROFILE (${message})`;
    default:
      return `${where} cannot be read: ${name}: ${message}`;
  }
}
