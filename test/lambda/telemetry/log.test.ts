import { type ErrorRecord, type NodeRecord, RunError } from '../../../core/run';
import type { RunReport } from '../../../lambda/orchestrator';
import { logRun } from '../../../lambda/telemetry/log';
import { reportRun } from '../../../lambda/telemetry/report';
import { OutputOfProcess } from './output';
import { callOf, nodeOf, recordOf } from './record';

function logged(report: RunReport): any[] {
  const output = new OutputOfProcess();
  try {
    logRun(report);
  } finally {
    output.restore();
  }
  return output.lines.map((line) => JSON.parse(line));
}

test('a run is one line: what it took, and what decided that', () => {
  expect(
    logged({
      runId: 'run-1',
      record: recordOf({ wallMs: 250.4, overheadMs: 0.41234, criticalPath: ['plan', 'answer'] }),
    }),
  ).toEqual([
    {
      level: 'INFO',
      message: 'run succeeded',
      service: 'orchestrator',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      runId: 'run-1',
      agent: 'support',
      wallMs: 250,
      overheadMs: 0.412,
      criticalPath: ['plan', 'answer'],
      costUsd: 0.002,
      usage: { inputTokens: 12, outputTokens: 34 },
      errorCount: 0,
      errors: [],
    },
  ]);
});

test('the copies that a run took are told in seconds, and not at all where that is not known', () => {
  expect(logged({ runId: 'run-1', record: recordOf({ copySeconds: 1.234_56 }) })).toMatchObject([
    { copySeconds: 1.235 },
  ]);
  expect(logged({ runId: 'run-1', record: recordOf() })[0]).not.toHaveProperty('copySeconds');
});

test.each([
  ['failed', 'ERROR'],
  ['timed-out', 'ERROR'],
  ['cancelled', 'INFO'],
] as const)('a run that %s is logged as %s: a caller who goes away is no error of the agent', (status, level) => {
  expect(logged({ runId: 'run-1', record: recordOf({ status }) })).toMatchObject([{ level, message: `run ${status}` }]);
});

const service = { code: 'ThrottlingException', message: 'SECRET', requestId: 'req-7', httpStatus: 429 };

test.each<[what: string, ErrorRecord, expected: object]>([
  [
    'of a service by its code and request id',
    { at: 'plan', kind: 'throttled', message: 'was answered ThrottlingException', service },
    {
      at: 'plan',
      kind: 'throttled',
      message: 'was answered ThrottlingException',
      code: 'ThrottlingException',
      requestId: 'req-7',
    },
  ],
  [
    'of an agent by its class',
    { at: 'plan', kind: 'failed', message: 'SECRET', thrown: 'TypeError' },
    { at: 'plan', kind: 'failed', thrown: 'TypeError' },
  ],
  [
    'of the engine by its message',
    { at: 'plan', kind: 'timed-out', message: 'node "plan" did not end within 30 ms' },
    { at: 'plan', kind: 'timed-out', message: 'node "plan" did not end within 30 ms' },
  ],
])('an error %s', (_, error, expected) => {
  const nodes = { plan: nodeOf({ status: 'failed', calls: [], error }) };
  expect(logged({ runId: 'run-1', record: recordOf({ status: 'failed', nodes }) })[0].errors).toEqual([expected]);
});

test('errors of an optional item are in the line of a run that succeeded', () => {
  const error: ErrorRecord = { at: 'facts[3]', kind: 'failed', message: 'x' };
  const nodes = { facts: nodeOf({ calls: [callOf(), callOf({ error })] }) };
  expect(logged({ runId: 'run-1', record: recordOf({ nodes }) })).toMatchObject([
    { level: 'INFO', errors: [{ at: 'facts[3]' }] },
  ]);
});

test('an error that ended a call, its node and what needs it is told once', () => {
  const error: ErrorRecord = { at: 'plan', kind: 'failed', message: 'x' };
  const nodes = {
    plan: nodeOf({ status: 'failed', error, calls: [callOf({ error: { ...error } })] }),
    answer: nodeOf({ status: 'stopped', error: { ...error }, calls: [] }),
  };
  expect(logged({ runId: 'run-1', record: recordOf({ status: 'failed', nodes }) })).toMatchObject([
    { errorCount: 1, errors: [{ at: 'plan', kind: 'failed', message: 'x' }] },
  ]);
});

test('of a thousand errors the first are told, and how many there were', () => {
  const calls = Array.from({ length: 1000 }, (_, i) =>
    callOf({ error: { at: `facts[${i}]`, kind: 'failed', message: 'x' } }),
  );
  const [line] = logged({ runId: 'run-1', record: recordOf({ nodes: { facts: nodeOf({ calls }) } }) });
  expect(line.errorCount).toBe(1000);
  expect(line.errors.map(({ at }: ErrorRecord) => at)).toEqual(Array.from({ length: 20 }, (_, i) => `facts[${i}]`));
});

test('metrics come as documents of their own, without the id of the run', () => {
  const output = new OutputOfProcess();
  reportRun({ runId: 'run-1', record: recordOf({ nodes: { plan: nodeOf() } }) });
  output.restore();
  const lines = output.lines.map((line) => JSON.parse(line));
  expect(lines.map((line) => '_aws' in line)).toEqual([true, true, false, false]);
  expect(output.lines.filter((line) => line.includes('run-1'))).toEqual(output.lines.slice(2));
});

test('the metrics of a failed run say with which kind of error', () => {
  const record = recordOf({ status: 'failed' });
  const output = new OutputOfProcess();
  reportRun({ runId: 'run-1', record, error: new RunError('throttled', 'x', record) });
  output.restore();
  expect(output.lines.map((line) => JSON.parse(line).kind)).toEqual([undefined, 'throttled', undefined, undefined]);
});

test('hedges, spillover and answers used again are told where there were any', () => {
  const spills = [{ alternative: 0, why: 'not-ready' }] as const;
  const calls = [callOf({ hedges: 1, alternative: 1, spills }), callOf({ from: 'shared' }), callOf({ from: 'cache' })];
  const lineOf = (answer: NodeRecord) => logged({ runId: 'run-1', record: recordOf({ nodes: { answer } }) })[0];
  expect(lineOf(nodeOf({ calls }))).toMatchObject({ hedges: 1, spillovers: 1, reusedAnswers: 2 });
  expect(lineOf(nodeOf())).not.toHaveProperty('hedges');
});
