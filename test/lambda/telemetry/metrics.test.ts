import type { NodeRecord, RunRecord } from '../../../core/run';
import { publishMetrics } from '../../../lambda/telemetry/metrics';
import { OutputOfProcess } from './output';
import { callOf, nodeOf, recordOf } from './record';

/** A document in the embedded metric format. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
interface Emf {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  readonly [member: string]: unknown;
}

/** CloudWatch takes no more values of one metric in one document. */
const MAX_VALUES = 100;

function published(record: RunRecord): Emf[] {
  const output = new OutputOfProcess();
  try {
    publishMetrics(record);
  } finally {
    output.restore();
  }
  return output.lines.map((line) => JSON.parse(line));
}

const headOf = ({ _aws: head }: Emf) => head;

const ofNode = (record: RunRecord, node: string) => published(record).filter((emf) => emf.node === node);

const valuesOf = (documents: readonly Emf[], metric: string) =>
  documents.flatMap((emf) => emf[metric] ?? []) as number[];

test('a run has latency, overhead, cost and errors, by agent', () => {
  const before = Date.now();
  const [emf, ...more] = published(recordOf());
  expect(more).toEqual([]);
  expect(emf).toEqual({
    _aws: {
      Timestamp: expect.any(Number),
      CloudWatchMetrics: [
        {
          Namespace: 'CompoundInference',
          Dimensions: [['service', 'agent']],
          Metrics: [
            { Name: 'RunLatency', Unit: 'Milliseconds' },
            { Name: 'RunOverhead', Unit: 'Milliseconds' },
            { Name: 'RunCost', Unit: 'None' },
            { Name: 'RunErrors', Unit: 'Count' },
          ],
        },
      ],
    },
    service: 'orchestrator',
    agent: 'support',
    RunLatency: 250.4,
    RunOverhead: 0.4,
    RunCost: 0.002,
    RunErrors: 0,
  });
  expect(headOf(emf!).Timestamp).toBeGreaterThanOrEqual(before);
});

test.each(['failed', 'timed-out', 'cancelled'] as const)('a run that %s counts as an error', (status) => {
  expect(published(recordOf({ status }))[0]).toMatchObject({ RunErrors: 1 });
});

test('clocks that disagree by a hair make no negative overhead', () => {
  expect(published(recordOf({ overheadMs: -0.001 }))[0]).toMatchObject({ RunOverhead: 0 });
});

test('a node has latency and errors, and its call latency, wait, attempts, errors and cold starts', () => {
  const call = callOf({ startMs: 10, endMs: 90, attempts: 3, waitMs: 25, coldMs: 20 });
  const [emf] = ofNode(recordOf({ nodes: { answer: nodeOf({ startMs: 10, endMs: 95, calls: [call] }) } }), 'answer');
  expect(emf).toEqual({
    _aws: {
      Timestamp: expect.any(Number),
      CloudWatchMetrics: [
        {
          Namespace: 'CompoundInference',
          Dimensions: [['service', 'agent', 'node']],
          Metrics: [
            { Name: 'NodeLatency', Unit: 'Milliseconds' },
            { Name: 'NodeErrors', Unit: 'Count' },
            { Name: 'NodeAttempts', Unit: 'Count' },
            { Name: 'CallLatency', Unit: 'Milliseconds' },
            { Name: 'CallWait', Unit: 'Milliseconds' },
            { Name: 'CallErrors', Unit: 'Count' },
            { Name: 'ColdStarts', Unit: 'Count' },
          ],
        },
      ],
    },
    service: 'orchestrator',
    agent: 'support',
    node: 'answer',
    NodeLatency: 85,
    NodeErrors: 0,
    NodeAttempts: 3,
    CallLatency: 80,
    CallWait: 25,
    CallErrors: 0,
    ColdStarts: 1,
  });
});

test('a function has latency and errors only', () => {
  const [emf] = ofNode(recordOf({ nodes: { fuse: nodeOf({ calls: [], status: 'failed' }) } }), 'fuse');
  expect(headOf(emf!).CloudWatchMetrics[0]!.Metrics.map(({ Name }) => Name)).toEqual(['NodeLatency', 'NodeErrors']);
  expect(emf).toMatchObject({ NodeLatency: 100, NodeErrors: 1 });
});

test.each<NodeRecord['status']>(['skipped', 'stopped', 'cancelled'])('a node that was %s has no metrics', (status) => {
  expect(ofNode(recordOf({ nodes: { answer: nodeOf({ status, calls: [] }) } }), 'answer')).toEqual([]);
});

test.each([1, 8, 99, 100, 101, 150, 200, 1000])('a map of %d calls keeps each value, for percentiles', (count) => {
  const error = { at: 'facts[3]', kind: 'failed', message: 'x' } as const;
  const calls = Array.from({ length: count }, (_, i) =>
    callOf({ startMs: 0, endMs: i + 1, waitMs: i, coldMs: i % 2, attempts: 2, ...(i === 3 && { error }) }),
  );
  const documents = ofNode(recordOf({ nodes: { facts: nodeOf({ calls }) } }), 'facts');

  expect(valuesOf(documents, 'CallLatency')).toEqual(calls.map(({ endMs }) => endMs));
  expect(valuesOf(documents, 'CallWait')).toEqual(calls.map(({ waitMs }) => waitMs));
  expect(valuesOf(documents, 'ColdStarts')).toEqual(calls.map((_, i) => i % 2));
  expect(valuesOf(documents, 'CallErrors')).toEqual(calls.map((_, i) => (i === 3 ? 1 : 0)));
  expect(valuesOf(documents, 'NodeAttempts')).toEqual([2 * count]);
  expect(valuesOf(documents, 'NodeLatency')).toEqual([100]);

  for (const emf of documents) {
    const { Dimensions, Metrics } = headOf(emf).CloudWatchMetrics[0]!;
    expect(Dimensions).toEqual([['service', 'agent', 'node']]);
    expect(Metrics.length).toBeGreaterThan(0);
    for (const { Name } of Metrics) expect(valuesOf([emf], Name).length).toBeLessThanOrEqual(MAX_VALUES);
  }
});

test('every metric that a document declares has a value in it, and every dimension a text', () => {
  const nodes = { plan: nodeOf(), facts: nodeOf({ calls: Array.from({ length: 150 }, () => callOf()) }) };
  for (const emf of published(recordOf({ nodes }))) {
    for (const { Dimensions, Metrics } of headOf(emf).CloudWatchMetrics) {
      for (const name of Dimensions.flat()) expect(emf[name]).toMatch(/^[\w-]+$/);
      for (const { Name } of Metrics) expect(valuesOf([emf], Name).length).toBeGreaterThan(0);
    }
  }
});

test('runs do not see the values of others', () => {
  const nodes = { plan: nodeOf() };
  const first = published(recordOf({ nodes }));
  const second = published(recordOf({ nodes }));
  const withoutTime = (documents: readonly Emf[]) => documents.map(({ _aws, ...values }) => values);
  expect(withoutTime(second)).toEqual(withoutTime(first));
});

test('agents of one function keep their names apart', () => {
  const nodes = { plan: nodeOf() };
  expect(published(recordOf({ graph: 'review', nodes })).map(({ agent, node }) => [agent, node])).toEqual([
    ['review', undefined],
    ['review', 'plan'],
  ]);
  expect(published(recordOf({ nodes })).map(({ agent, node }) => [agent, node])).toEqual([
    ['support', undefined],
    ['support', 'plan'],
  ]);
});

test('a run whose metrics could not be written leaves nothing to the next one', () => {
  const missing = undefined as unknown as number;
  const nodes = { plan: nodeOf({ calls: [callOf({ waitMs: missing })] }) };
  expect(() => published(recordOf({ graph: 'odd', costUsd: missing }))).toThrow(RangeError);
  expect(() => published(recordOf({ graph: 'odd', nodes }))).toThrow(RangeError);
  expect(published(recordOf({ graph: 'odd', nodes: { plan: nodeOf() } }))).toMatchObject([
    { RunLatency: 250.4 },
    { NodeLatency: 100, CallLatency: 100 },
  ]);
});
