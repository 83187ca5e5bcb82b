import { componentQueries, measureComponent } from '../../../lambda/tuner/component-metrics';
import { MetricFault, type MetricQuery, type Series } from '../../../lambda/tuner/metric-data';
import { deploymentOf } from './tuned-stack';

const MINUTE = 60_000;
const writer = deploymentOf().components.writer!;
const callers = ['draft', 'review'].map((node) => ({ agent: 'support', functionName: 'fn', node }));

type Values = (query: MetricQuery, node: string | undefined) => readonly (readonly [number, number])[];

const measure = (values: Values, endMs: number, some = callers) =>
  measureComponent(
    componentQueries(writer, some).map((query): Series => new Map(values(query, query.dimensions.node))),
    some,
    endMs,
  );

/** Ten calls of each node in each of the minutes. */
const busy =
  (...minutes: readonly number[]): Values =>
  ({ metric, statistic }, node) => {
    if (metric === 'ConcurrentRequestsPerCopy') return minutes.map((at) => [at * MINUTE, 4]);
    if (metric !== 'CallLatency') return [];
    const p95Ms = node === 'draft' ? 100 : 300;
    return minutes.map((at) => [at * MINUTE, valueAt(statistic, p95Ms)]);
  };

function valueAt(statistic: string, ms: number): number {
  if (statistic === 'SampleCount') return 10;
  return statistic === 'Sum' ? 10 * ms : ms;
}

test('calls of all nodes that call a component are its calls', () => {
  const { minutes } = measure(busy(0), MINUTE);
  expect(minutes).toHaveLength(1);
  expect(minutes[0]!.minute).toMatchObject({ ended: 20, latencyMs: 4000, concurrency: 4, concurrencySamples: 1 });
  expect(minutes[0]!.minute.latency.map(({ valuesMs }) => valuesMs[5])).toEqual([100, 300]);
});

test('a minute that is not complete is left out', () => {
  expect(measure(busy(0, 1), MINUTE).minutes).toHaveLength(1);
});

test('a busy minute of whose calls nothing is told is not out yet', () => {
  const late: Values = (query, node) =>
    query.metric === 'ConcurrentRequestsPerCopy' ? busy(0, 1, 2)(query, node) : busy(0, 1)(query, node);
  expect(measure(late, 3 * MINUTE).minutes.map(({ minute }) => minute.startMs)).toEqual([0, MINUTE]);
});

test('a minute in which nothing happened is one', () => {
  const idle: Values = ({ metric }) => (metric === 'ConcurrentRequestsPerCopy' ? [[0, 0]] : []);
  expect(measure(idle, MINUTE).minutes).toMatchObject([{ minute: { ended: 0, concurrency: 0 } }]);
});

test('without any data there is no minute', () => {
  expect(measure(() => [], MINUTE)).toEqual({ minutes: [], concurrency: [] });
});

test('refusals for want of a copy are no refusals of copies', () => {
  const refused: Values = (query, node) => {
    if (query.metric === 'Invocation4XXErrors') return [[0, 7]];
    return query.metric === 'NoCapacityInvocationFailures' ? [[0, 5]] : busy(0)(query, node);
  };
  expect(measure(refused, MINUTE).minutes[0]!.minute.rejects).toBe(2);
});

test('what could not be read is a fault', () => {
  const series = componentQueries(writer, callers).map(() => new MetricFault('CallLatency p95 could not be read'));
  expect(() => measureComponent(series, callers, MINUTE)).toThrow('CallLatency p95 could not be read');
});
