import type { CloudWatchClient, GetMetricDataCommandOutput } from '@aws-sdk/client-cloudwatch';
import { MetricFault, type MetricQuery, readMetrics } from '../../../lambda/tuner/metric-data';

const MINUTE = 60_000;

const query = (metric: string): MetricQuery => ({
  namespace: 'CompoundInference',
  metric,
  dimensions: { agent: 'support' },
  statistic: 'Sum',
  periodSeconds: 60,
});

type Result = NonNullable<GetMetricDataCommandOutput['MetricDataResults']>[number];
type Page = { readonly MetricDataResults: Result[]; readonly NextToken?: string };

/** A CloudWatch that answers what it is told to, in the order of the calls. */
function answering(answer: (queries: readonly string[], token: string | undefined) => Page) {
  const calls: number[] = [];
  const client = {
    send: async ({ input }: { input: { MetricDataQueries: { Id: string }[]; NextToken?: string } }) => {
      calls.push(input.MetricDataQueries.length);
      return answer(
        input.MetricDataQueries.map(({ Id }) => Id),
        input.NextToken,
      );
    },
  } as unknown as CloudWatchClient;
  return { client, calls };
}

const points = (Id: string, ...values: readonly (readonly [number, number])[]): Result => ({
  Id,
  StatusCode: 'Complete',
  Timestamps: values.map(([at]) => new Date(at)),
  Values: values.map(([, value]) => value),
});

const read = (client: CloudWatchClient, ...metrics: readonly string[]) =>
  readMetrics(client, metrics.map(query), 0, 10 * MINUTE);

test('queries go out by 500, and answers come back in their order', async () => {
  const { client, calls } = answering((ids) => ({
    MetricDataResults: ids.map((id) => points(id, [0, ids.length])).reverse(),
  }));
  const series = await read(client, ...Array.from({ length: 1201 }, (_, i) => `m${i}`));
  expect(calls.toSorted((a, b) => b - a)).toEqual([500, 500, 201]);
  expect((series[0] as ReadonlyMap<number, number>).get(0)).toBe(500);
  expect((series[1200] as ReadonlyMap<number, number>).get(0)).toBe(201);
});

test('pages are put together, and what is told twice counts once', async () => {
  const { client } = answering((_, token) =>
    token === undefined
      ? { MetricDataResults: [points('m0', [0, 1], [MINUTE, 2])], NextToken: 'more' }
      : { MetricDataResults: [points('m0', [MINUTE, 3], [2 * MINUTE, 4])] },
  );
  expect(await read(client, 'calls')).toEqual([
    new Map([
      [0, 1],
      [MINUTE, 3],
      [2 * MINUTE, 4],
    ]),
  ]);
});

test('a period without data is missing, and not zero', async () => {
  const { client } = answering(() => ({ MetricDataResults: [points('m0', [0, 1], [2 * MINUTE, 1])] }));
  const [series] = await read(client, 'calls');
  expect((series as ReadonlyMap<number, number>).has(MINUTE)).toBe(false);
});

test.each([[-1], [Number.NaN], [Infinity]])('a value of %d makes its own series a fault', async (value) => {
  const { client } = answering(() => ({ MetricDataResults: [points('m0', [0, value]), points('m1', [0, 1])] }));
  const [bad, good] = await read(client, 'calls', 'errors');
  expect(bad).toEqual(new MetricFault(`calls Sum holds what is no amount: ${value}`));
  expect(good).toEqual(new Map([[0, 1]]));
});

test('a series that CloudWatch could not read is a fault', async () => {
  const { client } = answering(() => ({ MetricDataResults: [{ Id: 'm0', StatusCode: 'InternalError' }] }));
  expect(await read(client, 'calls')).toEqual([new MetricFault('calls Sum could not be read: InternalError')]);
});

test('an answer that never ends is a fault', async () => {
  const { client, calls } = answering(() => ({ MetricDataResults: [], NextToken: 'again' }));
  expect((await read(client, 'calls'))[0]).toBeInstanceOf(MetricFault);
  expect(calls.length).toBeLessThan(100);
});

test('a call that fails costs only its own queries', async () => {
  let call = 0;
  const { client } = answering((ids) => {
    if (call++ === 0) throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
    return { MetricDataResults: ids.map((id) => points(id, [0, 1])) };
  });
  const series = await read(client, ...Array.from({ length: 600 }, (_, i) => `m${i}`));
  expect(series.slice(0, 500)).toContainEqual(
    new MetricFault('CloudWatch did not answer: ThrottlingException: Rate exceeded'),
  );
  expect(series[599]).toEqual(new Map([[0, 1]]));
});
