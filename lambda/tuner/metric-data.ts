import { type CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { errorLike } from '../backends/error-like';
import { inBatches, mapConcurrently } from './batches';

/** One statistic of one metric. */
export interface MetricQuery {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Sum`, or an extended statistic such as `p97.5`. */
  readonly statistic: string;
  readonly periodSeconds: number;
}

/** Values by the start of their period, in milliseconds since 1970. A period without data is not in it. */
export type Series = ReadonlyMap<number, number>;

/** Why a series cannot be trusted or could not be read. */
export class MetricFault extends Error {
  override readonly name = 'MetricFault';
}

/** Of one call (CloudWatch API reference, GetMetricData). */
const MAX_QUERIES = 500;

/** What is read of an hour by the minute is large: few answers at once fit into a small function. */
const CALLS_AT_ONCE = 2;

/** More pages than any answer has: 500 queries of an hour by the minute are 30,000 points of 100,800 a page. */
const MAX_PAGES = 20;

/**
 * The values of periods that begin from `startMs` to before `endMs`. A call that fails costs only its own queries.
 *
 * @returns for each query, in their order, its series or what is wrong with it
 */
export async function readMetrics(
  client: CloudWatchClient,
  queries: readonly MetricQuery[],
  startMs: number,
  endMs: number,
): Promise<readonly (Series | MetricFault)[]> {
  const batches = inBatches(queries, MAX_QUERIES);
  const results = await mapConcurrently(batches, CALLS_AT_ONCE, (batch) =>
    readBatch(client, batch, startMs, endMs).catch((error: unknown) => {
      const { name = 'Error', message = '' } = errorLike(error);
      const fault = new MetricFault(`CloudWatch did not answer: ${name}: ${message}`);
      return batch.map((): Series | MetricFault => fault);
    }),
  );
  return results.flat();
}

async function readBatch(
  client: CloudWatchClient,
  queries: readonly MetricQuery[],
  startMs: number,
  endMs: number,
): Promise<readonly (Series | MetricFault)[]> {
  const series = queries.map(() => new Map<number, number>());
  const faults = new Map<number, MetricFault>();
  let token: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const { MetricDataResults = [], NextToken } = await client.send(
      new GetMetricDataCommand({
        StartTime: new Date(startMs),
        EndTime: new Date(endMs),
        ScanBy: 'TimestampAscending',
        MetricDataQueries: queries.map(toQuery),
        NextToken: token,
      }),
    );
    for (const { Id = '', StatusCode, Timestamps = [], Values = [] } of MetricDataResults) {
      const at = Number(Id.slice(1));
      const values = series[at];
      const query = queries[at];
      if (!values || !query) continue;
      if (StatusCode === 'InternalError' || StatusCode === 'Forbidden') {
        faults.set(at, new MetricFault(`${nameOf(query)} could not be read: ${StatusCode}`));
      }
      for (const [i, time] of Timestamps.entries()) {
        const value = Values[i];
        if (value !== undefined && value >= 0 && value < Infinity) values.set(time.getTime(), value);
        else faults.set(at, new MetricFault(`${nameOf(query)} holds what is no amount: ${value}`));
      }
    }
    if (NextToken === undefined) return series.map((values, at) => faults.get(at) ?? values);
    token = NextToken;
  }
  throw new MetricFault(`more than ${MAX_PAGES} pages`);
}

function toQuery({ namespace, metric, dimensions, statistic, periodSeconds }: MetricQuery, at: number) {
  const query: MetricDataQuery = {
    Id: `m${at}`,
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: metric,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: periodSeconds,
      Stat: statistic,
    },
  };
  return query;
}

const nameOf = ({ metric, statistic }: MetricQuery) => `${metric} ${statistic}`;
