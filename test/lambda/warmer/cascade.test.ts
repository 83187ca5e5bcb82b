import { setTimeout as realTime } from 'node:timers/promises';
import { z } from 'zod';
import { graph, model } from '../../../core/graph';
import type { WarmerEvent } from '../../../core/warm';
import { type RunReport, serve } from '../../../lambda/orchestrator';
import { ask } from '../orchestrator/event';
import { component, configOf, keyOf, startWarmStack, TABLE, type WarmStack } from './warm-stack';

const NAMES = ['planner', 'searcher', 'writer'];
const CONFIG = configOf(NAMES, { policy: 'entry' });
const COLD_START_MS = 260_000;

const agent = graph('support', { input: z.object({}) })
  .node('planner', { call: model('planner'), input: () => 'Plan.' })
  .node('searcher', ['planner'], { call: model('searcher'), input: () => 'Search.' })
  .node('writer', ['searcher'], { call: model('writer'), input: () => 'Write.' })
  .output(['writer'], ({ writer }) => writer.text);

let stack: WarmStack;
let invocations: Promise<void>[];

beforeEach(async () => {
  const warmer = { type: 'lambda' as const, functionName: 'warmer' };
  invocations = [];
  const handler = (event: unknown) => {
    const invocation = stack.invoke(CONFIG, event as WarmerEvent);
    invocations.push(invocation);
    return invocation;
  };
  stack = await startWarmStack([...NAMES.map(component), { kind: 'function', backend: warmer, handler }]);
});

afterEach(() => stack.close());

/** What a run takes whose three components are cold when it begins. */
async function coldRun(isWarmed: boolean): Promise<RunReport> {
  const reports: RunReport[] = [];
  const binding = (name: string) => ({
    type: 'sagemaker' as const,
    endpointName: 'fleet',
    inferenceComponentName: name,
  });
  const handler = serve(agent, {
    config: {
      bindings: Object.fromEntries(NAMES.map((name) => [name, binding(name)])),
      deadlineMs: Number.POSITIVE_INFINITY,
      ...(isWarmed && { warming: { table: TABLE.name, functionName: 'warmer', components: components() } }),
    },
    clock: stack.clock,
    nowMs: () => stack.world.nowMs,
    onRunEnd: (report) => reports.push(report),
  });
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  const answered = ask(handler, {
    method: 'POST',
    path: '/agents/support/runs',
    headers: { 'content-type': 'application/json' },
    body: {},
    remainingMs: 3_600_000,
  });
  answered.then(end, end);
  while (!isOver) {
    await realTime(1);
    stack.clock.advance(1_000);
  }
  await stack.settle(...invocations);
  expect((await answered).status).toBe(200);
  return reports[0]!;
}

const components = () => Object.fromEntries(NAMES.map((name) => [name, keyOf(name)]));

test('a run waits for the longest of three cold starts, and not for their sum', async () => {
  const { record, warming } = await coldRun(true);
  expect(record.wallMs).toBeLessThan(1.5 * COLD_START_MS);
  expect(warming?.requests).toBe(1);
});

test('without a warmer it waits for their sum', async () => {
  expect((await coldRun(false)).record.wallMs).toBeGreaterThan(2.9 * COLD_START_MS);
});
