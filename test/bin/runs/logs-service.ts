import { Service } from '../../lambda/backends/service';
import { recordOf } from '../../lambda/telemetry/record';

/** What `FilterLogEvents` was asked for. */
export interface Asked {
  readonly logGroupName: string;
  readonly startTime: number;
  readonly endTime?: number;
}

export interface LoggedRun {
  readonly runId: string;
  readonly atMs: number;
}

const PAGE_SIZE = 100;

/** CloudWatch Logs in what the records of runs need of it: a group holds runs, or may not be read. */
export class LogsService {
  readonly asked: Asked[] = [];

  private constructor(
    private readonly service: Service,
    private readonly groups: Readonly<Record<string, readonly LoggedRun[] | 'denied'>>,
  ) {
    service.replies((response, { headers, body }) => {
      const isList = String(headers['x-amz-target']).endsWith('DescribeLogGroups');
      const [status, answer] = isList ? this.#describe(JSON.parse(body)) : this.#filter(JSON.parse(body));
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
    });
  }

  static async start(groups: Readonly<Record<string, readonly LoggedRun[] | 'denied'>>): Promise<LogsService> {
    return new LogsService(await Service.start(), groups);
  }

  get url(): string {
    return this.service.url;
  }

  stop(): Promise<void> {
    return this.service.stop();
  }

  #describe({ logGroupNamePrefix }: { readonly logGroupNamePrefix: string }): [number, unknown] {
    const names = Object.keys(this.groups).filter((name) => name.startsWith(logGroupNamePrefix));
    return [200, { logGroups: names.map((logGroupName) => ({ logGroupName })) }];
  }

  #filter({ nextToken = '0', ...asked }: Asked & { readonly nextToken?: string }): [number, unknown] {
    this.asked.push(asked);
    const runs = this.groups[asked.logGroupName]!;
    if (runs === 'denied') return [400, { __type: 'AccessDeniedException', message: 'no' }];
    const { startTime, endTime = Infinity } = asked;
    const found = runs.filter(({ atMs }) => startTime <= atMs && atMs <= endTime);
    const from = Number(nextToken);
    const events = found
      .slice(from, from + PAGE_SIZE)
      .map(({ runId, atMs }) => ({ timestamp: atMs, message: lineOf(runId, atMs) }));
    return [200, { events, ...(from + PAGE_SIZE < found.length && { nextToken: String(from + PAGE_SIZE) }) }];
  }
}

function lineOf(runId: string, atMs: number): string {
  const timestamp = new Date(atMs).toISOString();
  return JSON.stringify({ message: 'run record', version: 1, runId, timestamp, record: recordOf() });
}
