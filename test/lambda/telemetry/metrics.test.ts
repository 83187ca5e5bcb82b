import type { NodeRecord, RunErrorKind, RunRecord } from '../../../core/run';
import { CALL_METRICS, RUN_ERROR_KINDS } from '../../../core/telemetry/metrics';
import { publishMetrics, publishWarming } from '../../../lambda/telemetry/metrics';
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

function published(record: RunRecord, failure?: RunErrorKind): Emf[] {
  const output = new OutputOfProcess();
  try {
    publishMetrics(record, failure);
  } finally {
    output.restore();
  }
  return output.lines.map((line) => JSON.parse(line));
}

test('the time to the first text is a metric of runs that were read while they went on', () => {
  const output = new OutputOfProcess();
  try {
    publishMetrics(recordOf(), undefined, 120);
    publishMetrics(recordOf());
  } finally {
    output.restore();
  }
  const ofAgent = output.lines.map((line) => JSON.parse(line) as Emf).filter(({ node }) => node === undefined);
  expect(ofAgent.map(({ TimeToFirstText }) => TimeToFirstText)).toEqual([120, undefined]);
});

const headOf = ({ _aws: head }: Emf) => head;

const ofNode = (record: RunRecord, node: string) => published(record).filter((emf) => emf.node === node);

const valuesOf = (documents: readonly Emf[], metric: string) =>
  documents.flatMap((emf) => emf[metric] ?? []) as number[];

test('a run has latency, overhead, cascade depth, cost and errors, by agent', () => {
  const before = Date.now();
  const [emf, ...more] = published(recordOf());
  expect(more).toEqual([]);
  expect(emf).toEqual({
    _aws: {
      Timestamp: expect.any(Number),
      CloudWatchMetrics: [
        {
          Namespace: 'CompoundInference',
          Dimensions: [['service', 'function', 'agent']],
          Metrics: [
            { Name: 'RunLatency', Unit: 'Milliseconds' },
            { Name: 'RunOverhead', Unit: 'Milliseconds' },
            { Name: 'CascadeDepth', Unit: 'Count' },
            { Name: 'RunCost', Unit: 'None' },
            { Name: 'RunErrors', Unit: 'Count' },
          ],
        },
      ],
    },
    service: 'orchestrator',
    function: 'local',
    agent: 'support',
    RunLatency: 250.4,
    RunOverhead: 0.4,
    CascadeDepth: 0,
    RunCost: 0.002,
    RunErrors: 0,
  });
  expect(headOf(emf!).Timestamp).toBeGreaterThanOrEqual(before);
});

test('a run that took copies whose price is known tells for how long', () => {
  const [emf] = published(recordOf({ copySeconds: 1.5 }));
  expect(emf).toMatchObject({ RunCopyTime: 1.5 });
  expect(headOf(emf!).CloudWatchMetrics[0]!.Metrics).toContainEqual({ Name: 'RunCopyTime', Unit: 'Seconds' });
});

test.each(['failed', 'timed-out'] as const)('a run that %s counts as an error', (status) => {
  expect(published(recordOf({ status }))[0]).toMatchObject({ RunErrors: 1 });
});

test('a run whose caller went away is counted apart: no error, not in the percentiles of runs, at what it has cost', () => {
  const nodes = { plan: nodeOf(), answer: nodeOf({ status: 'cancelled' }) };
  const [run, plan, ...more] = published(recordOf({ status: 'cancelled', copySeconds: 3, nodes }), 'cancelled');
  expect(more).toEqual([]);
  const namesOf = (emf: Emf) => headOf(emf).CloudWatchMetrics[0]!.Metrics.map(({ Name }) => Name);
  expect(namesOf(run!)).toEqual(['RunCost', 'RunCopyTime', 'CancelledRuns']);
  expect(run).toMatchObject({ agent: 'support', RunCost: 0.002, RunCopyTime: 3, CancelledRuns: 1 });
  expect(plan).toMatchObject({ node: 'plan', NodeLatency: 100 });
  expect(plan).not.toHaveProperty('CriticalPathShare');
});

test.each(RUN_ERROR_KINDS)('a failed run is counted by the kind of its error as well: %s', (kind) => {
  const documents = published(recordOf({ status: 'failed' }), kind);
  expect(documents).toMatchObject([{ RunErrors: 1 }, { agent: 'support', kind, RunErrors: 1 }]);
  expect(headOf(documents[1]!).CloudWatchMetrics[0]).toMatchObject({
    Dimensions: [['service', 'function', 'agent', 'kind']],
    Metrics: [{ Name: 'RunErrors', Unit: 'Count' }],
  });
});

test('a kind of error and a node of the same name keep apart', () => {
  const nodes = { failed: nodeOf() };
  expect(published(recordOf({ status: 'failed', nodes }), 'failed').map(({ kind, node }) => [kind, node])).toEqual([
    [undefined, undefined],
    ['failed', undefined],
    [undefined, 'failed'],
  ]);
});

test('cold starts count into the depth of a cascade where one came after another', () => {
  const cold = nodeOf({ calls: [callOf(), callOf({ coldMs: 40_000 })] });
  const nodes = { plan: cold, beside: cold, facts: nodeOf(), answer: cold };
  const criticalPath = ['plan', 'facts', 'answer'];
  expect(published(recordOf({ criticalPath, nodes }))[0]).toMatchObject({ CascadeDepth: 2 });
});

test('the share of a node is its part of the time of the run, if it decided that', () => {
  const nodes = {
    plan: nodeOf({ endMs: 50 }),
    beside: nodeOf({ endMs: 40 }),
    answer: nodeOf({ startMs: 50, endMs: 200 }),
  };
  const documents = published(recordOf({ wallMs: 200, criticalPath: ['plan', 'answer'], nodes }));
  expect(documents.slice(1).map(({ node, CriticalPathShare }) => [node, CriticalPathShare])).toEqual([
    ['plan', 25],
    ['beside', 0],
    ['answer', 75],
  ]);
});

test('nodes that ran at the same time share it: a reader waits for what it reads, a late join goes on without', () => {
  const nodes = {
    draft: nodeOf({ endMs: 60 }),
    sentences: nodeOf({ startMs: 1, endMs: 61, calls: [], reads: ['draft'] }),
    verdicts: nodeOf({ startMs: 2, endMs: 90, reads: ['sentences'] }),
    joined: nodeOf({ startMs: 80, endMs: 100 }),
  };
  const documents = published(recordOf({ wallMs: 100, criticalPath: Object.keys(nodes), nodes }));
  expect(documents.slice(1).map(({ CriticalPathShare }) => CriticalPathShare)).toEqual([60, 1, 19, 20]);
});

test('a run that took no time has no shares of it', () => {
  const nodes = { plan: nodeOf({ endMs: 0, calls: [] }) };
  expect(ofNode(recordOf({ wallMs: 0, criticalPath: ['plan'], nodes }), 'plan')).toMatchObject([
    { CriticalPathShare: 0 },
  ]);
});

test('the overhead of a fan-out is what its node took beyond the longest call', () => {
  const calls = [callOf({ startMs: 1, endMs: 60 }), callOf({ startMs: 60, endMs: 140 })];
  const nodes = { facts: nodeOf({ endMs: 150, calls }), plan: nodeOf() };
  expect(ofNode(recordOf({ nodes }), 'facts')).toMatchObject([{ FanOutOverhead: 70 }]);
  expect(ofNode(recordOf({ nodes }), 'plan')[0]).not.toHaveProperty('FanOutOverhead');
});

test('clocks that disagree by a hair make no negative overhead', () => {
  expect(published(recordOf({ overheadMs: -0.001 }))[0]).toMatchObject({ RunOverhead: 0 });
});

test('a node has latency and errors, and its call latency, wait, attempts, errors and cold starts', () => {
  const call = callOf({ startMs: 10, endMs: 90, attempts: 3, waitMs: 25, coldMs: 20 });
  const [emf] = ofNode(
    recordOf({
      wallMs: 250,
      criticalPath: ['answer'],
      nodes: { answer: nodeOf({ startMs: 10, endMs: 95, calls: [call] }) },
    }),
    'answer',
  );
  expect(emf).toEqual({
    _aws: {
      Timestamp: expect.any(Number),
      CloudWatchMetrics: [
        {
          Namespace: 'CompoundInference',
          Dimensions: [['service', 'function', 'agent', 'node']],
          Metrics: [
            { Name: 'NodeLatency', Unit: 'Milliseconds' },
            { Name: 'NodeErrors', Unit: 'Count' },
            { Name: 'CriticalPathShare', Unit: 'Percent' },
            { Name: 'NodeAttempts', Unit: 'Count' },
            { Name: 'CallLatency', Unit: 'Milliseconds' },
            { Name: 'CallWait', Unit: 'Milliseconds' },
            { Name: 'CallService', Unit: 'Milliseconds' },
            { Name: 'WaitingRoomTime', Unit: 'Milliseconds' },
            { Name: 'CallErrors', Unit: 'Count' },
            { Name: 'ColdStarts', Unit: 'Count' },
          ],
        },
      ],
    },
    service: 'orchestrator',
    function: 'local',
    agent: 'support',
    node: 'answer',
    NodeLatency: 85,
    NodeErrors: 0,
    CriticalPathShare: 34,
    NodeAttempts: 3,
    CallLatency: 80,
    CallWait: 25,
    CallService: 55,
    WaitingRoomTime: 20,
    CallErrors: 0,
    ColdStarts: 1,
  });
});

test('what a plan calls is told by component, under no name of the planner', () => {
  const task = (component: string, endMs: number, status: NodeRecord['status'] = 'succeeded') =>
    nodeOf({ status, component, calls: [callOf({ endMs, coldMs: 20, waitMs: 30 })] });
  const nodes = {
    research: nodeOf({ component: 'planner', calls: [callOf({ endMs: 40 }), callOf({ endMs: 60 })] }),
    'research/t1': task('search', 200),
    'research/SECRET': task('reader', 700),
    'research/t2': task('search', 300, 'failed'),
    'research/t3': task('search', 900, 'cancelled'),
    'research/t4': nodeOf({ status: 'stopped', component: 'sums', calls: [] }),
    other: nodeOf({ component: 'planner', calls: [callOf({ endMs: 5 })] }),
    answer: nodeOf(),
  };
  const documents = published(recordOf({ nodes }));
  const planned = documents.filter((emf) => emf.component !== undefined);
  expect(planned.map(({ node, component, CallLatency }) => [node, component, CallLatency])).toEqual([
    ['research', 'planner', [40, 60]],
    ['research', 'search', [200, 300]],
    ['research', 'reader', 700],
    ['other', 'planner', 5],
  ]);
  expect(headOf(planned[2]!).CloudWatchMetrics[0]).toMatchObject({
    Dimensions: [['service', 'function', 'agent', 'node', 'component']],
    Metrics: Object.entries(CALL_METRICS).map(([Name, Unit]) => ({ Name, Unit })),
  });
  expect(planned[2]).toMatchObject({ CallWait: 30, CallService: 670, WaitingRoomTime: 20, ColdStarts: 1 });
  expect(JSON.stringify(documents)).not.toMatch(/SECRET|t1/);
  // Of the whole plan there are the calls of all, as ever.
  expect(
    valuesOf(
      documents.filter(({ node, component }) => node === 'research' && !component),
      'CallLatency',
    ),
  ).toHaveLength(6);
});

test('a function has latency, errors and share only', () => {
  const [emf] = ofNode(recordOf({ nodes: { fuse: nodeOf({ calls: [], status: 'failed' }) } }), 'fuse');
  expect(headOf(emf!).CloudWatchMetrics[0]!.Metrics.map(({ Name }) => Name)).toEqual([
    'NodeLatency',
    'NodeErrors',
    'CriticalPathShare',
  ]);
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
  expect(valuesOf(documents, 'WaitingRoomTime')).toEqual(calls.map(({ coldMs }) => coldMs));
  expect(valuesOf(documents, 'ColdStarts')).toEqual(calls.map((_, i) => i % 2));
  expect(valuesOf(documents, 'CallErrors')).toEqual(calls.map((_, i) => (i === 3 ? 1 : 0)));
  expect(valuesOf(documents, 'NodeAttempts')).toEqual([2 * count]);
  expect(valuesOf(documents, 'NodeLatency')).toEqual([100]);

  for (const emf of documents) {
    const { Dimensions, Metrics } = headOf(emf).CloudWatchMetrics[0]!;
    expect(Dimensions).toEqual([['service', 'function', 'agent', 'node']]);
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

test('deployments of one agent keep apart by the name of their function', () => {
  const nodes = { plan: nodeOf() };
  const inFunction = (name: string) => {
    process.env.AWS_LAMBDA_FUNCTION_NAME = name;
    return published(recordOf({ nodes, status: 'failed' }), 'failed').map((emf) => emf.function);
  };
  try {
    expect(inFunction('staging-support')).toEqual(Array(3).fill('staging-support'));
    expect(inFunction('support')).toEqual(Array(3).fill('support'));
  } finally {
    delete process.env.AWS_LAMBDA_FUNCTION_NAME;
  }
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

test('hedges, spillover and answers used again are counted where there were any', () => {
  const spills = [{ alternative: 0, why: 'busy' }] as const;
  const calls = [callOf({ hedges: 1, spills }), callOf({ from: 'shared' })];
  const [emf] = ofNode(recordOf({ nodes: { answer: nodeOf({ calls }) } }), 'answer');
  expect(emf).toMatchObject({ Hedges: 1, Spillovers: 1, ReusedAnswers: 1 });
  expect(ofNode(recordOf({ nodes: { answer: nodeOf() } }), 'answer')[0]).not.toHaveProperty('Hedges');
});

test('a node tells what its calls have cost, in dollars and tokens, where that is known', () => {
  const usage = { inputTokens: 30, outputTokens: 4 };
  const calls = [callOf({ costUsd: 0.25, usage }), callOf({ costUsd: 0.5, usage }), callOf()];
  const nodes = { answer: nodeOf({ calls }), free: nodeOf() };
  const [emf] = ofNode(recordOf({ nodes }), 'answer');
  expect(emf).toMatchObject({ NodeCost: 0.75, NodeInputTokens: 60, NodeOutputTokens: 8 });
  expect(headOf(emf!).CloudWatchMetrics[0]!.Metrics).toEqual(
    expect.arrayContaining([
      { Name: 'NodeCost', Unit: 'None' },
      { Name: 'NodeInputTokens', Unit: 'Count' },
      { Name: 'NodeOutputTokens', Unit: 'Count' },
    ]),
  );
  for (const name of ['NodeCost', 'NodeInputTokens', 'NodeOutputTokens']) {
    expect(ofNode(recordOf({ nodes }), 'free')[0]).not.toHaveProperty(name);
  }
});

test.each(['lost', 'cancelled'] as const)('of a node that was %s only what it has cost is told', (status) => {
  const usage = { inputTokens: 30, outputTokens: 0 };
  const nodes = { slow: nodeOf({ status, calls: [callOf({ costUsd: 0.25, usage })] }), answer: nodeOf() };
  const [emf, ...more] = ofNode(recordOf({ nodes, criticalPath: ['answer'] }), 'slow');
  expect(more).toEqual([]);
  expect(headOf(emf!).CloudWatchMetrics[0]!.Metrics.map(({ Name }) => Name)).toEqual(['NodeCost', 'NodeInputTokens']);
});

test('a run of an agent that is warmed has what warming did for it, by agent', () => {
  const output = new OutputOfProcess();
  try {
    publishWarming('support', { requests: 1, failures: 0, savedMs: 120_000 });
  } finally {
    output.restore();
  }
  expect(output.lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ agent: 'support', WarmUpRequests: 1, WarmingFailures: 0, WarmingSavedTime: 120_000 }),
  ]);
});

test('what the tasks of a plan did counts for the plan: their names are a planner’s and no dimension', () => {
  const record = recordOf({
    nodes: {
      research: nodeOf({ endMs: 200 }),
      'research/t1': nodeOf({ calls: [callOf({ attempts: 2, coldMs: 40 })] }),
      'research/t2': nodeOf({ status: 'failed' }),
    },
    criticalPath: ['research', 'research/t1'],
  });
  const documents = published(record);
  expect([...new Set(documents.map(({ node }) => node))]).toEqual([undefined, 'research']);
  expect(valuesOf(documents, 'NodeAttempts')).toEqual([4]);
  expect(valuesOf(documents, 'ColdStarts').flat()).toEqual([0, 1, 0]);
  expect(valuesOf(documents, 'CascadeDepth')).toEqual([1]);
});

test('a branch that a join was decided without, at no cost, has no metrics of its own', () => {
  const nodes = { slow: nodeOf({ status: 'lost', lostTo: 'answer' }), answer: nodeOf() };
  expect(ofNode(recordOf({ nodes, criticalPath: ['answer'] }), 'slow')).toEqual([]);
});
