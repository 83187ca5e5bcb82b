import type { TunerDeployment } from '../../../core/scale/tuner-deployment';
import { TUNER_VARIABLE } from '../../../core/scale/tuner-deployment';
import { MINUTE_MS } from '../../../core/time-units';
import { currentKeeps, keptCopyOf } from '../../../lambda/tuner/agent-keeps';
import { deploymentOf, startTuned, type TunedStack } from './tuned-stack';

let stack: TunedStack;

beforeEach(async () => {
  stack = await startTuned(16);
});

afterEach(() => stack.stop());

/** Of a component that may be at zero copies. */
function zeroable(more: Partial<TunerDeployment> = {}): TunerDeployment {
  const { components, mechanisms: _, ...rest } = deploymentOf(more);
  return { ...rest, mechanisms: {}, components: { writer: { ...components.writer!, minCopies: 0 } }, ...more };
}

/** Runs of the minute that has just ended, by how long they took and how many cold starts they met. */
async function told(
  latenciesMs: readonly number[],
  depths: readonly number[],
  failed = 0,
  component?: string,
): Promise<void> {
  await stack.put(
    {
      RunLatency: latenciesMs,
      CascadeDepth: depths,
      RunErrors: latenciesMs.map((_, i) => (i < failed ? 1 : 0)),
    },
    { WaitingRoomTime: depths.map((depth) => 4000 * depth) },
    component,
  );
}

const COLD = [
  [1000, 2000, 5000, 6000],
  [0, 0, 1, 1],
] as const;
const WARM = [
  [1000, 1000, 1000, 1000],
  [0, 0, 0, 0],
] as const;

async function minutes(
  count: number,
  [latenciesMs, depths]: readonly [readonly number[], readonly number[]],
  failed = 0,
  component?: string,
) {
  for (let minute = 0; minute < count; minute++) {
    stack.clock.advance(MINUTE_MS);
    await told(latenciesMs, depths, failed, component);
  }
}

async function look(deployment = zeroable()) {
  const keeps = await currentKeeps(stack.services, deployment, stack.world.nowMs);
  return { ...keeps.get('support'), kept: keptCopyOf(keeps.values(), 'writer') };
}

test('runs that are late where they meet a cold start keep a copy, and the reason tells their number', async () => {
  await minutes(20, COLD);
  const { kept, reasons, state } = await look();
  expect(state!.evidence.short).toEqual(state!.evidence.long);
  expect(kept).toBe('in-use');
  expect(reasons).toEqual([
    'writer: of 64 runs 50 % beyond the objective, 50 % met a cold start: its copy is kept while it is in use',
  ]);
});

test('runs within the objective keep none, whatever cold starts they meet', async () => {
  await minutes(20, [WARM[0], COLD[1]]);
  const { kept, state } = await look();
  expect(kept).toBeUndefined();
  expect(state!.evidence.long).toMatchObject({ runs: 64, late: 0, cold: 32, coldMs: { writer: 64 * 2000 } });
});

test('what a plan waited for is told by component', async () => {
  await minutes(20, [WARM[0], COLD[1]], 0, 'poet');
  const { agents, ...rest } = zeroable();
  const [writes] = agents.support!.nodes;
  const { component: _, ...plan } = writes!;
  const poet = {
    ...writes!,
    id: 'write:poet',
    needs: [{ node: 'write', probability: 1 }],
    part: { plan: 'write', calls: 'poet' },
  };
  const planned = { ...rest, agents: { support: { ...agents.support!, nodes: [plan, poet] } } };
  expect((await look(planned)).state!.evidence.long.coldMs).toEqual({ writer: 64 * 2000 });
});

test('runs that failed are late', async () => {
  await minutes(20, WARM, 1);
  expect((await look()).state!.evidence.long).toMatchObject({ runs: 64, late: 16 });
});

test('runs are looked at every quarter of an hour, each minute once', async () => {
  await minutes(20, WARM);
  await look();
  await minutes(14, WARM);
  expect((await look()).state!.evidence.long.runs).toBe(64);
  await minutes(1, WARM);
  expect((await look()).state!.evidence.long.runs).toBeCloseTo(64 + 60, 0);
});

test('agents are asked about together, and each is told its own runs', async () => {
  await minutes(20, [WARM[0], COLD[1]]);
  const { agents } = zeroable();
  let requests = 0;
  stack.clients.cloudWatch.middlewareStack.add(
    (next) => (args) => {
      requests++;
      return next(args);
    },
    { step: 'build' },
  );
  const deployment = zeroable({ agents: { ...agents, sales: agents.support! } });
  const keeps = await currentKeeps(stack.services, deployment, stack.world.nowMs);
  expect(requests).toBe(1);
  expect(keeps.get('support')!.state.evidence.long.runs).toBe(64);
  expect(keeps.get('sales')!.state.evidence.long.runs).toBe(0);
});

test('what is kept is remembered, and stays while metrics cannot be read', async () => {
  await minutes(20, COLD);
  await look();
  await minutes(15, COLD);
  stack.aws.faults.add({ calls: 'CloudWatch', outcome: 'unavailable' });
  expect(await look()).toMatchObject({ kept: 'in-use', reasons: [] });
});

test('a dry run keeps nothing', async () => {
  await minutes(20, COLD);
  const { kept, reasons } = await look(zeroable({ mode: 'dry-run' }));
  expect({ kept, reason: reasons![0] }).toEqual({
    kept: undefined,
    reason: expect.stringMatching(/^writer: dry run: would keep: /),
  });
});

test.each<[string, TunerDeployment]>([
  ['components always have a copy', deploymentOf({ mechanisms: {} })],
  ['floors are switched off', deploymentOf()],
])('where %s, runs are not looked at', async (_, deployment) => {
  stack.aws.faults.add({ calls: 'CloudWatch', outcome: 'unavailable' });
  expect(await currentKeeps(stack.services, deployment, stack.world.nowMs)).toEqual(new Map());
});

test('a tick keeps the copy, and its ledger tells why', async () => {
  stack.environment[TUNER_VARIABLE] = JSON.stringify(zeroable());
  for (let minute = 0; minute < 20; minute++) {
    await stack.minute(() => 9000);
    await told([], Array<number>(60).fill(1));
    await stack.tick();
  }
  const reasons = (await stack.table.entries('writer', 0)).flatMap(({ entry }) => entry.reasons);
  expect(reasons).toContainEqual(
    expect.stringMatching(/^of \d+ runs 100 % beyond the objective.*kept while it is in use$/),
  );
});
