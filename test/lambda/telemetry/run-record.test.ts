import { readStoredRun } from '../../../core/report/stored-run';
import type { ErrorRecord, RunRecord } from '../../../core/run';
import type { RunReport } from '../../../lambda/orchestrator';
import { reportRun } from '../../../lambda/telemetry/report';
import { runRecordLine } from '../../../lambda/telemetry/run-record';
import { OutputOfProcess } from './output';
import { callOf, nodeOf, recordOf } from './record';

const NOW = new Date('2026-01-05T10:00:00Z');

const lineOf = (record: RunRecord, more: Partial<RunReport> = {}) =>
  runRecordLine({ runId: 'run-1', record, ...more }, NOW);

const stored = (record: RunRecord) => readStoredRun(lineOf(record)!)!;

test('a record is read as it was written, with the run and its time', () => {
  const record = recordOf({ nodes: { plan: nodeOf({ calls: [callOf({ coldMs: 12.5, hedges: 1 })] }) } });
  expect(stored(record)).toMatchObject({ version: 1, runId: 'run-1', timestamp: '2026-01-05T10:00:00.000Z', record });
});

test('it says where the prices are from by which its cost was computed', () => {
  const priceSources = { writer: 'https://prices.example (us-west-2, 2026-11)', judge: 'binding' };
  expect(readStoredRun(lineOf(recordOf(), { priceSources })!)).toMatchObject({ priceSources });
  expect(stored(recordOf())).not.toHaveProperty('priceSources');
});

test('it is a line of its own after that of the run', () => {
  const output = new OutputOfProcess();
  reportRun({ runId: 'run-1', record: recordOf() });
  output.restore();
  const messages = output.lines.map((line) => JSON.parse(line).message).filter(Boolean);
  expect(messages).toEqual(['run succeeded', 'run record']);
});

test.each([
  ['all', 'succeeded', true],
  ['failed', 'succeeded', false],
  ['failed', 'timed-out', true],
  ['failed', 'cancelled', false],
  ['none', 'failed', false],
] as const)('where records are kept of %s, one of a run that %s: %s', (runRecords, status, isKept) => {
  expect(lineOf(recordOf({ status }), { runRecords }) !== undefined).toBe(isKept);
});

test('nothing of it quotes a prompt: messages of services, of thrown errors and names that a planner chose', () => {
  const ofService: ErrorRecord = {
    at: 'research/SECRET',
    kind: 'throttled',
    message: 'was answered ThrottlingException',
    service: { code: 'ThrottlingException', message: 'SECRET', requestId: 'req-7' },
  };
  const thrown: ErrorRecord = { at: 'research/SECRET', kind: 'failed', message: 'SECRET', thrown: 'TypeError' };
  const nodes = {
    research: nodeOf(),
    'research/SECRET': nodeOf({ component: 'search', calls: [callOf({ error: ofService })], error: thrown }),
    answer: nodeOf({ status: 'lost', lostTo: 'research/SECRET', calls: [] }),
  };
  const line = lineOf(recordOf({ nodes }))!;
  expect(line).not.toContain('SECRET');
  expect(readStoredRun(line)!.record).toMatchObject({
    criticalPath: ['research', 'research/1:search', 'answer'],
    nodes: {
      'research/1:search': {
        error: { message: 'threw TypeError' },
        calls: [{ error: { at: 'research/1:search', service: { code: 'ThrottlingException', requestId: 'req-7' } } }],
      },
      answer: { lostTo: 'research/1:search' },
    },
  });
});

test('of a map with very many items the failed and the longest calls are kept, and the others counted', () => {
  const error: ErrorRecord = { at: 'facts[7]', kind: 'failed', message: 'x'.repeat(200) };
  const calls = Array.from({ length: 20_000 }, (_, i) => callOf({ endMs: i, ...(i === 7 && { error }) }));
  const line = lineOf(recordOf({ nodes: { facts: nodeOf({ calls }) } }))!;
  expect(Buffer.byteLength(line)).toBeLessThan(256 * 1024);
  const { record, callsLeftOut } = readStoredRun(line)!;
  const kept = record.nodes.facts!.calls;
  expect(kept.length + callsLeftOut!.facts!).toBe(20_000);
  expect(kept[0]).toMatchObject({ endMs: 7, error: { at: 'facts[7]' } });
  expect(kept.at(-1)).toMatchObject({ endMs: 19_999 });
});

test('other lines are no records, and one of another version says so', () => {
  expect(readStoredRun('START RequestId: 1')).toBeUndefined();
  expect(readStoredRun('{"message":"run succeeded","runId":"run-1"}')).toBeUndefined();
  expect(() => readStoredRun('{"message":"run record","runId":"run-1","version":9,"record":{}}')).toThrow(
    'the record of run run-1 has version 9, and version 1 can be read',
  );
});

test('of copies their time is kept, to a microsecond', () => {
  const nodes = { plan: nodeOf({ calls: [callOf({ copySeconds: 0.123_456_78 }), callOf()] }) };
  const { record } = stored(recordOf({ nodes, copySeconds: 0.123_456_78 }));
  expect(record.copySeconds).toBe(0.123_457);
  expect(record.nodes.plan!.calls.map(({ copySeconds }) => copySeconds)).toEqual([0.123_457, undefined]);
});
