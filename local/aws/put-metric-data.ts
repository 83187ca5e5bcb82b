import { readMetricId, readNumber, readRecord, readTimeMs } from './cloudwatch-input';
import type { LocalAws } from './local-aws';
import type { Distribution } from './metrics/distribution';
import type { ResolutionSeconds } from './metrics/metric-series';
import type { MetricId } from './metrics/metric-store';
import { listOf, stringOf } from './read-json';
import type { RpcInput } from './rpc-service';

/** Of one request, and of one datum (CloudWatch API reference, PutMetricData). */
const MAX_DATA = 1000;
const MAX_VALUES = 150;
const MAX_DIMENSIONS = 30;

const PAST_MS = 14 * 24 * 3600e3;
const FUTURE_MS = 2 * 3600e3;

interface Datum {
  readonly id: MetricId;
  readonly atMs: number;
  readonly resolution: ResolutionSeconds;
  readonly add: (values: Distribution) => void;
}

/** Keeps values until they are old. Those without a time are of the world's present, and those far from it are refused. */
export function putMetricData({ metrics, world }: LocalAws, input: RpcInput): object {
  const namespace = stringOf(input.Namespace, 'Namespace');
  if (namespace.startsWith('AWS/')) throw new RangeError(`Namespace must not begin with AWS/, got: ${namespace}`);
  const { nowMs } = world;
  const data = listOf(input.MetricData ?? [], 'MetricData');
  if (data.length > MAX_DATA) throw new RangeError(`MetricData may be ${MAX_DATA}, got: ${data.length}`);
  const read = data.map((datum, at) => readDatum(datum, namespace, nowMs, `MetricData[${at}]`));
  for (const { id, atMs, resolution, add } of read) metrics.record(id, atMs, resolution, add);
  return {};
}

function readDatum(value: unknown, namespace: string, nowMs: number, path: string): Datum {
  const datum = readRecord(value, path);
  const id = readMetricId(datum, namespace, path);
  if (id.Dimensions.length > MAX_DIMENSIONS) throw new RangeError(`${path}.Dimensions may be ${MAX_DIMENSIONS}`);
  const atMs = isAbsent(datum.Timestamp) ? nowMs : readTimeMs(datum.Timestamp, `${path}.Timestamp`);
  if (atMs < nowMs - PAST_MS || atMs > nowMs + FUTURE_MS) {
    throw new RangeError(`${path}.Timestamp must be within two weeks before and two hours after the world's present`);
  }
  return { id, atMs, resolution: datum.StorageResolution === 1 ? 10 : 60, add: readValues(datum, path) };
}

/** A value, values with their counts, or a set of statistics. */
function readValues(datum: Record<string, unknown>, path: string): (values: Distribution) => void {
  const { Value, Values, Counts, StatisticValues } = datum;
  if (!isAbsent(StatisticValues)) {
    const set = readRecord(StatisticValues, `${path}.StatisticValues`);
    const member = (name: string) => readNumber(set[name], `${path}.StatisticValues.${name}`);
    const statistics = {
      sampleCount: member('SampleCount'),
      sum: member('Sum'),
      minimum: member('Minimum'),
      maximum: member('Maximum'),
    };
    return (values) => values.addSet(statistics);
  }
  if (isAbsent(Values)) {
    const single = readNumber(Value, `${path}.Value`);
    return (values) => values.add(single);
  }
  const several = listOf(Values, `${path}.Values`).map((each, at) => readNumber(each, `${path}.Values[${at}]`));
  const counts = listOf(Counts ?? several.map(() => 1), `${path}.Counts`).map((each, at) =>
    readNumber(each, `${path}.Counts[${at}]`),
  );
  if (several.length > MAX_VALUES) throw new RangeError(`${path}.Values may be ${MAX_VALUES}, got: ${several.length}`);
  if (counts.length !== several.length) throw new RangeError(`${path}.Counts must be as many as Values`);
  return (values) => {
    for (const [at, each] of several.entries()) values.add(each, counts[at]);
  };
}

const isAbsent = (value: unknown) => value === undefined || value === null;
