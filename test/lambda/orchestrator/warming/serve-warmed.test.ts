import { z } from 'zod';
import { graph, model } from '../../../../core/graph';
import type { Binding } from '../../../../core/graph/binding';
import type { ComponentRecord, OpenRun } from '../../../../core/warm';
import { type RunReport, type ServeOptions, serve } from '../../../../lambda/orchestrator';
import { componentId } from '../../../../lambda/warm-board/documents';
import { DynamoBoard } from '../../../../lambda/warm-board/dynamo-board';
import { useLocalAws } from '../../../../local/aws-environment';
import { VirtualClock } from '../../../core/run/support/virtual-clock';
import { type Stack, startStack } from '../../../local/aws/stack';
import { answer, Service } from '../../backends/service';
import { TABLE } from '../../warmer/warm-stack';
import { completion } from '../agents';
import { contextOf, eventOf, run } from '../event';
import { Sink } from '../streaming/sink';

const agent = graph('support', { input: z.object({}), retry: { attempts: 1 } })
  .node('write', { call: model('writer'), input: () => 'Write.' })
  .output(({ write }) => write.text);

let stack: Stack;
let service: Service;
let restoreEnvironment: () => void;
let events: any[];
let reports: RunReport[];

beforeEach(async () => {
  events = [];
  reports = [];
  const warmer = { type: 'lambda' as const, functionName: 'warmer' };
  stack = await startStack([{ kind: 'function', backend: warmer, handler: (event) => void events.push(event) }], {
    tables: [TABLE],
  });
  restoreEnvironment = useLocalAws(stack.url);
  service = await Service.start();
  service.replies(answer(200, completion('Hello.')));
});

afterEach(async () => {
  restoreEnvironment();
  await service.stop();
  await stack.close();
});

interface HandlerOptions extends ServeOptions {
  readonly table?: string;
  readonly functionName?: string;
  readonly writer?: Binding;
}

const handlerOf = ({ table = TABLE.name, functionName = 'warmer', writer, ...options }: HandlerOptions = {}) =>
  serve(agent, {
    config: {
      bindings: { writer: writer ?? { type: 'http', url: service.url } },
      warming: { table, functionName, components: { writer: 'sagemaker/writer' } },
    },
    onRunEnd: (report) => reports.push(report),
    ...options,
  });

/** Runs until what goes on beside the runs has come to its end. */
async function runsUntil(handler: ReturnType<typeof handlerOf>, isOver: () => boolean): Promise<void> {
  const { status } = await run(handler, 'support', {});
  expect(status).toBe(200);
  if (!isOver()) await runsUntil(handler, isOver);
}

test('a run whose components are not known to be warm tells the warmer, and is answered as ever', async () => {
  await runsUntil(handlerOf(), () => events.length > 0 && reports.some(({ warming }) => warming?.requests === 1));
  expect(events.filter(({ type }) => type === 'entry')).toEqual([
    { type: 'entry', agent: 'support', requests: expect.any(Array) },
  ]);
});

test.each([
  ['the table is not there', 'lost', 'warmer'],
  ['the warmer is not there', TABLE.name, 'lost'],
])('if %s, runs are answered as ever and the failure is counted', async (_, table, functionName) => {
  await runsUntil(handlerOf({ table, functionName }), () =>
    reports.some(({ warming }) => (warming?.failures ?? 0) > 0),
  );
  expect(events).toEqual([]);
});

test('of a health check the warmer hears nothing: not that it began or ended, and not what it called', async () => {
  const handler = handlerOf();
  const probe = await run(handler, 'support', {}, { 'compound-probe': 'true' });
  expect([probe.status, reports[0]!.runId]).toEqual([200, probe.body.runId]);
  await runsUntil(handler, () => events.some(({ type }) => type === 'runs'));
  const told = events.flatMap(({ requests = [], ended = [] }) => [...requests.map(({ id }: OpenRun) => id), ...ended]);
  expect(told.length).toBeGreaterThan(0);
  expect(told).not.toContain(probe.body.runId);
  const taught = events.flatMap(({ runs = [] }) => runs);
  expect(taught.length).toBeGreaterThan(0);
  expect(taught.length).toBeLessThan(reports.length);
});

test.each(['yes', ''])('whether a run is a health check is true or false, and not "%s"', async (value) => {
  const { status, body } = await run(handlerOf(), 'support', {}, { 'compound-probe': value });
  const detail = `must be "true" or "false", or be left out, got: "${value}"`;
  expect([status, body.errors]).toEqual([400, [{ field: 'compound-probe', detail }]]);
  expect(service.received).toEqual([]);
});

async function onBoard(record: Partial<ComponentRecord>): Promise<void> {
  const board = new DynamoBoard({ table: TABLE.name, timeoutMs: 1_000, maxAttempts: 1, isConsistent: true });
  const value = { observedAtMs: Date.now(), desiredCopies: 1, coldStartMs: 320_000, ...record };
  await board.write(componentId('sagemaker/writer'), value, undefined);
}

/** Writes on the board that the writer will be ready in 300 s. */
const expectWriter = () => {
  const sinceMs = Date.now();
  return onBoard({ copies: 0, start: { path: 'new-instance', sinceMs, readyAtMs: sinceMs + 300_000 } });
};

test('a refused call tells the warmer, though the board takes its component for warm and another backend answers', async () => {
  await onBoard({ copies: 1 });
  const backend = (name: string) => ({ type: 'http' as const, url: `${service.url}/${name}` });
  const writer = { type: 'spillover' as const, alternatives: [backend('warmed'), backend('other')] };
  const [refusal, hello] = [answer(503, '', { 'retry-after': '1' }), answer(200, completion('Hello.'))];
  service.replies((response, asked) => (asked.path.startsWith('/warmed') ? refusal : hello)(response, asked));
  await runsUntil(handlerOf({ writer }), () => events.length > 0);
  expect(events[0]).toMatchObject({ type: 'entry', agent: 'support' });
});

test('a run that meets no copy is told when one is expected', async () => {
  await expectWriter();
  const handler = handlerOf();
  await runsUntil(handler, () => true);
  const problems = async (): Promise<number> => {
    const { status, headers } = await run(handler, 'support', {}, { 'compound-deadline-ms': '200' });
    expect(status).toBe(504);
    return headers['retry-after'] === undefined ? problems() : Number(headers['retry-after']);
  };
  service.replies(() => {});
  const seconds = await problems();
  expect(seconds).toBeGreaterThan(290);
  expect(seconds).toBeLessThanOrEqual(300);
});

test('so it is while it waits, if it is read: heartbeats say for what and how long', async () => {
  await expectWriter();
  service.replies(answer(503, '', { 'retry-after': '1' }));
  const clock = new VirtualClock();
  const sink = new Sink();
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
  const asking = eventOf({ method: 'POST', path: '/agents/support/runs', headers, body: {} });
  const ended = handlerOf({ clock })(asking, sink, contextOf()).catch(() => {});
  while (events.length === 0 || service.received.length === 0) await clock.advance(0);
  while (sink.events.length < 2) await clock.advance(100);
  sink.destroy();
  await ended;
  const { event, data } = sink.events[1]!;
  expect({ event, waitingFor: data.waitingFor }).toEqual({ event: 'heartbeat', waitingFor: ['writer'] });
  expect(data.readyInMs).toBeGreaterThan(290_000);
  expect(data.readyInMs).toBeLessThanOrEqual(300_000);
});
