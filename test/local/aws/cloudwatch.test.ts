import { BedrockRuntimeClient, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  ListMetricsCommand,
  type MetricDatum,
  PutMetricDataCommand,
  paginateGetMetricData,
} from '@aws-sdk/client-cloudwatch';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import {
  BEGIN_MS,
  COLD_COMPONENT,
  rejectionOf,
  type Stack,
  startStack,
  WARM_COMPONENT,
  WARM_IMPORTED_MODEL,
} from './stack';

const MODEL_ID = 'arn:aws:bedrock:us-east-1:000000000000:imported-model/abc123def456';

let stack: Stack;
let client: CloudWatchClient;
let runtime: SageMakerRuntimeClient;
let bedrock: BedrockRuntimeClient;

const on = (inferenceComponentName: string) => ({
  type: 'sagemaker' as const,
  endpointName: 'fleet',
  inferenceComponentName,
});

beforeEach(async () => {
  stack = await startStack([
    { kind: 'chat-model', backend: on('writer'), behaviour: WARM_COMPONENT, brain: () => 'x'.repeat(400) },
    { kind: 'chat-model', backend: on('sleeper'), behaviour: COLD_COMPONENT, brain: () => '' },
    {
      kind: 'chat-model',
      backend: on('broken'),
      behaviour: WARM_COMPONENT,
      brain: () => {
        throw new Error('out of memory');
      },
    },
    {
      kind: 'chat-model',
      backend: { type: 'bedrock', modelId: MODEL_ID },
      behaviour: WARM_IMPORTED_MODEL,
      brain: () => 'x'.repeat(400),
    },
  ]);
  client = new CloudWatchClient(stack.clientConfig);
  runtime = new SageMakerRuntimeClient(stack.clientConfig);
  bedrock = new BedrockRuntimeClient(stack.clientConfig);
});

afterEach(async () => {
  for (const each of [client, runtime, bedrock]) each.destroy();
  await stack.close();
});

const at = (seconds: number) => new Date(BEGIN_MS + seconds * 1000);

const SPAN = { StartTime: at(0), EndTime: at(3600), ScanBy: 'TimestampAscending' as const };

const queryOf = (metric: string, Stat: string, Period = 60, dimensions: Readonly<Record<string, string>> = {}) => {
  const [Namespace, MetricName] = metric.split(':');
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  return { Id: 'm', MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period, Stat } };
};

const get = (input: Partial<GetMetricDataCommandInput>) =>
  client.send(new GetMetricDataCommand({ ...SPAN, MetricDataQueries: [], ...input }));

/** Of one metric in the first hour, by its time in seconds since the world began. */
async function read(...query: Parameters<typeof queryOf>): Promise<[number, number][]> {
  const { MetricDataResults } = await get({ MetricDataQueries: [queryOf(...query)] });
  const { Timestamps, Values } = MetricDataResults![0]!;
  return Timestamps!.map((time, i) => [(time.getTime() - BEGIN_MS) / 1000, Values![i]!]);
}

const put = (...MetricData: Omit<MetricDatum, 'MetricName'>[]) =>
  client.send(
    new PutMetricDataCommand({
      Namespace: 'Agents',
      MetricData: MetricData.map((datum) => ({ MetricName: 'Latency', ...datum })),
    }),
  );

const BODY = JSON.stringify({ messages: [{ role: 'user', content: 'x' }] });

const invoke = (InferenceComponentName: string, Body = BODY) =>
  stack.inTime(
    runtime.send(
      new InvokeEndpointCommand({
        EndpointName: 'fleet',
        InferenceComponentName,
        ContentType: 'application/json',
        Body,
      }),
    ),
  );

const ofComponent = (metric: string, name: string, stat = 'Sum') =>
  read(`AWS/SageMaker:${metric}`, stat, 60, { InferenceComponentName: name });

describe('what an inference component publishes', () => {
  test('a call, by minute, with its latency in microseconds', async () => {
    await invoke('writer');
    stack.clock.advance(60_000);
    await invoke('writer');
    expect(await ofComponent('Invocations', 'writer')).toEqual([
      [0, 1],
      [60, 1],
    ]);
    expect(await ofComponent('Invocation4XXErrors', 'writer')).toEqual([
      [0, 0],
      [60, 0],
    ]);
    // 100 tokens at about 12.7 ms; the clock of the test goes by the second.
    expect(await ofComponent('ModelLatency', 'writer', 'p95')).toEqual([
      [0, 2_000_000],
      [60, 2_000_000],
    ]);
  });

  test('a share of a call for each copy', async () => {
    stack.world.model('sagemaker/writer')!.setDesiredCopies(4);
    stack.clock.advance(600_000);
    await invoke('writer');
    expect(await ofComponent('InvocationsPerCopy', 'writer')).toEqual([[600, 0.25]]);
  });

  test('a call that met no copy, and nothing else of it', async () => {
    await rejectionOf(invoke('sleeper'));
    expect(await ofComponent('NoCapacityInvocationFailures', 'sleeper')).toEqual([[0, 1]]);
    expect(await ofComponent('Invocations', 'sleeper')).toEqual([]);
  });

  test.each([
    ['broken', BODY, 'Invocation5XXErrors'],
    ['writer', '{}', 'Invocation4XXErrors'],
  ])('an error of the container of %s given %s, as %s', async (name, body, metric) => {
    await rejectionOf(invoke(name, body));
    expect(await ofComponent(metric, name)).toEqual([[0, 1]]);
    expect(await ofComponent('Invocations', name)).toEqual([[0, 1]]);
  });

  test('its concurrency every 10 s, if it has a copy', async () => {
    const concurrency = (name: string) =>
      read('AWS/SageMaker:ConcurrentRequestsPerCopy', 'Maximum', 10, { InferenceComponentName: name });
    const call = invoke('writer');
    await call;
    stack.clock.advance(18_000);
    expect(await concurrency('writer')).toEqual([
      [0, 1],
      [10, 0],
    ]);
    expect(await concurrency('sleeper')).toEqual([]);
  });
});

test('an imported model publishes its calls, their latency in milliseconds and its copies', async () => {
  await stack.inTime(bedrock.send(new InvokeModelCommand({ modelId: MODEL_ID, body: BODY })));
  stack.clock.advance(58_000);
  const ofModel = (metric: string, stat: string) => read(`AWS/Bedrock:${metric}`, stat, 60, { ModelId: MODEL_ID });
  expect(await ofModel('Invocations', 'Sum')).toEqual([[0, 1]]);
  expect(await ofModel('InvocationLatency', 'Average')).toEqual([[0, 2000]]);
  expect(await ofModel('ModelCopy', 'Average')).toEqual([[0, 1]]);
});

describe('values that are put', () => {
  const VALUES = Array.from({ length: 100 }, (_, i) => i + 1);

  test.each([
    ['SampleCount', 100],
    ['Sum', 5050],
    ['Average', 50.5],
    ['Minimum', 1],
    ['Maximum', 100],
    ['p50', 50],
    ['p95', 95],
    ['p99.9', 100],
    ['p100', 100],
  ])('have %s', async (stat, value) => {
    await put({ Values: VALUES, Timestamp: at(0) });
    const [[, read_]] = (await read('Agents:Latency', stat)) as [[number, number]];
    expect(read_).toBeGreaterThan(0.99 * value);
    expect(read_).toBeLessThan(1.01 * value);
  });

  test('of different times are in different periods, and a period without any is left out', async () => {
    await put({ Value: 1, Timestamp: at(0) }, { Value: 2, Timestamp: at(59) }, { Value: 4, Timestamp: at(180) });
    expect(await read('Agents:Latency', 'Sum')).toEqual([
      [0, 3],
      [180, 4],
    ]);
    expect(await read('Agents:Latency', 'Sum', 300)).toEqual([[0, 7]]);
  });

  test('so many that the client packs them are read', async () => {
    const metrics = Array.from({ length: 500 }, (_, i) => ({ Value: i % 2, Timestamp: at(i) }));
    await put(...metrics);
    expect(await read('Agents:Latency', 'SampleCount', 3600)).toEqual([[0, 500]]);
  });

  test('of high resolution can be read by 10 s', async () => {
    await put(
      { Value: 1, Timestamp: at(0), StorageResolution: 1 },
      { Value: 2, Timestamp: at(10), StorageResolution: 1 },
    );
    expect(await read('Agents:Latency', 'Sum', 10)).toEqual([
      [0, 1],
      [10, 2],
    ]);
    expect(await read('Agents:Latency', 'Sum', 60)).toEqual([[0, 3]]);
  });

  test('count as often as they say, at the present of the world if they say no time', async () => {
    stack.clock.advance(120_000);
    await put({ Values: [1, 5], Counts: [3, 1] });
    expect(await read('Agents:Latency', 'Average')).toEqual([[120, 2]]);
    expect(await read('Agents:Latency', 'p75')).toEqual([[120, 1]]);
  });

  test('as a set of statistics have no percentiles', async () => {
    const StatisticValues = { SampleCount: 4, Sum: 10, Minimum: 1, Maximum: 4 };
    await put({ StatisticValues, Timestamp: at(0) });
    expect(await read('Agents:Latency', 'Average')).toEqual([[0, 2.5]]);
    expect(await read('Agents:Latency', 'p95')).toEqual([]);
  });

  test('are told apart by dimensions, in any order', async () => {
    const a = { Name: 'a', Value: '1' };
    const b = { Name: 'b', Value: '2' };
    await put({ Value: 1, Dimensions: [a, b], Timestamp: at(0) }, { Value: 2, Dimensions: [a], Timestamp: at(0) });
    expect(await read('Agents:Latency', 'Sum', 60, { b: '2', a: '1' })).toEqual([[0, 1]]);
    expect(await read('Agents:Latency', 'Sum', 60, { a: '1' })).toEqual([[0, 2]]);
    expect(await read('Agents:Latency', 'Sum', 60)).toEqual([]);
    const { Metrics } = await client.send(new ListMetricsCommand({ Namespace: 'Agents', Dimensions: [{ Name: 'b' }] }));
    expect(Metrics).toEqual([{ Namespace: 'Agents', MetricName: 'Latency', Dimensions: [a, b] }]);
  });
});

test('many points come in pages, the latest first unless asked otherwise', async () => {
  await put(...Array.from({ length: 10 }, (_, i) => ({ Value: i, Timestamp: at(60 * i) })));
  const Sum = { ...queryOf('Agents:Latency', 'Sum'), Id: 'sum' };
  const Count = { ...queryOf('Agents:Latency', 'SampleCount'), Id: 'count' };
  const pages = paginateGetMetricData(
    { client },
    { StartTime: at(0), EndTime: at(3600), MetricDataQueries: [Sum, Count], MaxDatapoints: 6 },
  );
  const values: Record<string, number[]> = { sum: [], count: [] };
  const statuses: (string | undefined)[][] = [];
  for await (const { MetricDataResults } of pages) {
    for (const { Id, Values } of MetricDataResults!) values[Id!]!.push(...Values!);
    statuses.push(MetricDataResults!.map(({ StatusCode }) => StatusCode));
  }
  expect(values).toEqual({ sum: [9, 8, 7, 6, 5, 4, 3, 2, 1, 0], count: Array(10).fill(1) });
  expect(statuses).toEqual([
    ['PartialData', 'PartialData'],
    ['Complete', 'PartialData'],
    ['Complete', 'PartialData'],
    ['Complete', 'Complete'],
  ]);
});

describe('what cannot be', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['a statistic that is not computed', () => read('Agents:Latency', 'tm99')],
    ['a period of 45 s', () => read('Agents:Latency', 'Sum', 45)],
    ['metric math', () => get({ MetricDataQueries: [{ Id: 'e', Expression: 'm1 / m2' }] })],
    ['an end before the start', () => get({ EndTime: at(-1) })],
    ['a value of last month', () => put({ Value: 1, Timestamp: at(-30 * 24 * 3600) })],
    ['as many counts as not values', () => put({ Values: [1, 2], Counts: [1] })],
    ['nothing', () => put({})],
    ['a metric of AWS', () => client.send(new PutMetricDataCommand({ Namespace: 'AWS/Bedrock', MetricData: [] }))],
  ])('%s is refused', async (_, call) => {
    expect(await rejectionOf(call())).toMatchObject({
      name: 'InvalidParameterValueException',
      $metadata: { httpStatusCode: 400 },
    });
  });

  test('a datum that is refused takes the others with it', async () => {
    await rejectionOf(put({ Value: 1, Timestamp: at(0) }, {}));
    expect(await read('Agents:Latency', 'Sum')).toEqual([]);
  });

  test('a token that no answer gave is refused', async () => {
    expect(await rejectionOf(get({ NextToken: 'x' }))).toMatchObject({ name: 'InvalidNextToken' });
  });

  test('an operation that the local stack lacks is unknown, by name', async () => {
    expect(await rejectionOf(client.send(new DescribeAlarmsCommand({})))).toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringContaining('GraniteServiceVersion20100801.DescribeAlarms'),
    });
  });
});
