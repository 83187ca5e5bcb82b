import { readMetricId, readNumber, readRecord, readTimeMs } from './cloudwatch-input';
import type { LocalAws } from './local-aws';
import type { MetricId, MetricStore } from './metrics/metric-store';
import { type Statistic, statisticOf } from './metrics/statistic';
import { listOf, stringOf } from './read-json';
import { exception, type RpcInput } from './rpc-service';

/** What a request may ask for at once, and the points of one answer (CloudWatch API reference, GetMetricData). */
const MAX_QUERIES = 500;
const MAX_POINTS = 100_800;

interface Query {
  readonly id: string;
  readonly label: string;
  readonly metric: MetricId;
  readonly periodSeconds: number;
  readonly statistic: Statistic;
  readonly isReturned: boolean;
}

interface Point {
  /** In seconds since 1970. */
  readonly at: number;
  readonly value: number;
}

/** Statistics of metrics. A period without data has no point. Metric math is not understood. */
export function getMetricData({ metrics }: LocalAws, input: RpcInput): object {
  const startMs = readTimeMs(input.StartTime, 'StartTime');
  const endMs = readTimeMs(input.EndTime, 'EndTime');
  if (endMs <= startMs) throw new RangeError('EndTime must be later than StartTime');
  const isAscending = input.ScanBy === 'TimestampAscending';
  const maxPoints = readMaxPoints(input.MaxDatapoints);
  const queries = listOf(input.MetricDataQueries, 'MetricDataQueries').map(readQuery);
  if (queries.length > MAX_QUERIES)
    throw new RangeError(`MetricDataQueries may be ${MAX_QUERIES}, got: ${queries.length}`);

  const skipped = readToken(input.NextToken);
  const until = skipped + maxPoints;
  let passed = 0;
  const results = queries
    .filter(({ isReturned }) => isReturned)
    .map((query) => {
      const points = pointsOf(query, metrics, startMs, endMs);
      if (!isAscending) points.reverse();
      const page = points.slice(Math.max(0, skipped - passed), Math.max(0, until - passed));
      passed += points.length;
      return {
        Id: query.id,
        Label: query.label,
        Timestamps: page.map(({ at }) => at),
        Values: page.map(({ value }) => value),
        StatusCode: passed > until ? 'PartialData' : 'Complete',
      };
    });
  return { MetricDataResults: results, Messages: [], ...(passed > until && { NextToken: tokenOf(until) }) };
}

function pointsOf({ metric, periodSeconds, statistic }: Query, metrics: MetricStore, startMs: number, endMs: number) {
  const periods = metrics.find(metric)?.between(startMs, endMs, periodSeconds) ?? [];
  return periods.flatMap(({ startMs: atMs, values }): Point[] => {
    const value = statistic(values);
    return value === undefined ? [] : [{ at: atMs / 1000, value }];
  });
}

function readQuery(value: unknown, at: number): Query {
  const path = `MetricDataQueries[${at}]`;
  const query = readRecord(value, path);
  if (query.Expression !== undefined) throw new RangeError(`${path}.Expression: the local stack knows no metric math`);
  const stat = readRecord(query.MetricStat, `${path}.MetricStat`);
  const named = readRecord(stat.Metric, `${path}.MetricStat.Metric`);
  const metric = readMetricId(named, named.Namespace, `${path}.MetricStat.Metric`);
  return {
    id: stringOf(query.Id, `${path}.Id`),
    label: typeof query.Label === 'string' ? query.Label : metric.MetricName,
    metric,
    periodSeconds: readPeriod(stat.Period, `${path}.MetricStat.Period`),
    statistic: statisticOf(stringOf(stat.Stat, `${path}.MetricStat.Stat`)),
    isReturned: query.ReturnData !== false,
  };
}

/** Shorter ones than 10 s are read as 10 s: nothing is kept finer. */
function readPeriod(value: unknown, path: string): number {
  const seconds = readNumber(value, path);
  if ([1, 5, 10, 20, 30].includes(seconds) || (seconds > 0 && seconds % 60 === 0)) return Math.max(10, seconds);
  throw new RangeError(`${path} must be 1, 5, 10, 20, 30 or a multiple of 60, got: ${seconds}`);
}

function readMaxPoints(value: unknown): number {
  const points = value === undefined || value === null ? MAX_POINTS : readNumber(value, 'MaxDatapoints');
  if (Number.isInteger(points) && points >= 1 && points <= MAX_POINTS) return points;
  throw new RangeError(`MaxDatapoints must be a whole number from 1 to ${MAX_POINTS}, got: ${points}`);
}

/** A page begins after so many points of all results, one after another. */
const tokenOf = (points: number) => `after-${points}-points`;

function readToken(token: unknown): number {
  if (token === undefined || token === null) return 0;
  const text = stringOf(token, 'NextToken');
  if (/^after-\d+-points$/.test(text)) return Number(text.replace(/\D/g, ''));
  throw exception('InvalidNextToken', `NextToken is none that an answer gave: ${text}`);
}
