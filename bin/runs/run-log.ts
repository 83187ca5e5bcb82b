import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { RUN_RECORD_MESSAGE, readStoredRun, type StoredRun } from '../../core/report/stored-run';
import { errorLike } from '../../lambda/backends/error-like';
import { awsRemedy } from '../aws-remedy';
import { localLogGroups, stackLogGroups } from './log-groups';
import { NewestRuns, type RunSummary, summaryOf } from './run-summary';
import { type TimeWindow, windowsBackwards } from './time-windows';

/** Where runs are looked for. */
export interface RunLogPlace {
  /** The log group of one agent. */
  readonly logGroup?: string;
  /** A stack of CloudFormation: all log groups of it and of its functions are searched. */
  readonly stack?: string;
  /** A local stack: the log groups of all of its agents are searched. */
  readonly stackUrl?: string;
}

const ALL_RECORDS = `{ $.message = "${RUN_RECORD_MESSAGE}" }`;

/** Of one group among several: others may still tell. */
const UNREADABLE = new Set(['AccessDeniedException', 'ResourceNotFoundException']);

/** Reads the records of runs from CloudWatch Logs. */
export class RunLog {
  readonly #client: CloudWatchLogsClient;
  /** Why groups were left out, by name. */
  readonly #unreadable = new Map<string, Error>();

  /** @param note takes a sentence for each group that was left out */
  constructor(
    private readonly place: RunLogPlace,
    private readonly note: (sentence: string) => void,
  ) {
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
    for await (const run of this.#readAll(await this.#groups(), pattern, { fromMs: sinceMs, toMs: Infinity }))
      return run;
    return undefined;
  }

  /** The newest so many, the oldest of them first. Reads backwards until it has them. @throws Error that says what to do */
  async list(sinceMs: number, nowMs: number, limit: number): Promise<RunSummary[]> {
    const groups = await this.#groups();
    const runs = new NewestRuns(limit);
    for (const window of windowsBackwards(sinceMs, nowMs)) {
      for await (const run of this.#readAll(groups, ALL_RECORDS, window)) runs.add(summaryOf(run));
      if (runs.isFull) break;
    }
    return runs.sorted();
  }

  close(): void {
    this.#client.destroy();
  }

  async #groups(): Promise<readonly string[]> {
    const { logGroup, stack } = this.place;
    if (logGroup !== undefined) return [logGroup];
    let names: readonly string[];
    try {
      names = await (stack === undefined ? localLogGroups(this.#client) : stackLogGroups(this.#client, stack));
    } catch (error) {
      throw unreadable(error, 'logs:DescribeLogGroups', this.#where());
    }
    if (names.length === 0)
      throw new Error(`${this.#where()} has no log group: name the one of the agent with --log-group`);
    return names;
  }

  /** All groups one after another. What cannot be read is left out with a note, unless nothing else is there. */
  async *#readAll(groups: readonly string[], pattern: string, window: TimeWindow): AsyncGenerator<StoredRun> {
    for (const group of groups) {
      if (this.#unreadable.has(group)) continue;
      try {
        yield* this.#read(group, pattern, window);
      } catch (error) {
        const { name = '' } = errorLike(error);
        if (name === 'Error') throw error;
        const explained = unreadable(error, 'logs:FilterLogEvents', `log group ${group}`);
        if (!UNREADABLE.has(name)) throw explained;
        this.#unreadable.set(group, explained);
        if (this.#unreadable.size === groups.length) throw [...this.#unreadable.values()][0];
        this.note(`left out: ${explained.message}`);
      }
    }
  }

  async *#read(group: string, filterPattern: string, { fromMs, toMs }: TimeWindow): AsyncGenerator<StoredRun> {
    const pages = paginateFilterLogEvents(
      { client: this.#client },
      { logGroupName: group, filterPattern, startTime: fromMs, ...(toMs < Infinity && { endTime: toMs }) },
    );
    for await (const { events = [] } of pages) {
      for (const { message = '', timestamp = fromMs } of events) {
        // The end of the time that was asked for is in it.
        const run = timestamp < toMs ? readStoredRun(message) : undefined;
        if (run) yield run;
      }
    }
  }

  #where(): string {
    const { stack, stackUrl } = this.place;
    return stack === undefined ? `the stack at ${stackUrl}` : `stack ${stack}`;
  }
}

function unreadable(error: unknown, permission: string, what: string): Error {
  const howToName = "name that of the agent's function with --log-group";
  return new Error(awsRemedy(error, { what, permission, done: 'read', howToName }), { cause: error });
}
