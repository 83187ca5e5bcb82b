import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { TenantLimits } from '../../../../core/admission';
import { Gate, type TenantStore, type Verdict } from '../../../../lambda/orchestrator/admission/gate';
import { TenantTable } from '../../../../lambda/orchestrator/admission/tenant-table';
import { useLocalAws } from '../../../../local/aws-environment';
import { TENANTS } from '../../../../local/tenants';
import { VirtualClock } from '../../../../sim/kernel/virtual-clock';
import { BEGIN_MS, type Stack, startStack } from '../../../local/aws/stack';

const LASTS_MS = 28_000;
/** What a place outlives the deadline of its run by. */
const SLACK_MS = 2_000;
const TIMEOUT_MS = 500;

let stack: Stack;
let restoreEnvironment: () => void;
let nowMs: number;
/** How long the table takes, which only the test decides: however slow the machine is, no run begins unchecked because of it. */
let clock: VirtualClock;
let tenants = 0;
let tenant: string;

beforeAll(async () => {
  stack = await startStack([], { tables: [TENANTS] });
  restoreEnvironment = useLocalAws(stack.url);
});

afterAll(async () => {
  restoreEnvironment();
  await stack.close();
});

beforeEach(() => {
  nowMs = BEGIN_MS;
  clock = new VirtualClock();
  tenant = `tenant-${++tenants}`;
});

/** The gate of one process. */
const gateOf = (store: TenantStore = new TenantTable(TENANTS.name)) =>
  new Gate({ store, nowMs: () => nowMs, clock, timeoutMs: TIMEOUT_MS });

const admitted = (verdicts: readonly Verdict[]) => verdicts.filter(({ isAdmitted }) => isAdmitted);

/** So many runs, through as many processes as there are gates; none of them unchecked. */
async function crowd(gates: readonly Gate[], runs: number, limits: TenantLimits, of = tenant) {
  const entering = Array.from({ length: runs }, (_, at) => gates[at % gates.length]!.enter(of, limits, LASTS_MS));
  const verdicts = await Promise.all(entering);
  expect(verdicts.filter((verdict) => verdict.isAdmitted && !verdict.isChecked)).toEqual([]);
  return verdicts;
}

const leaveAll = (verdicts: readonly Verdict[]) =>
  Promise.all(verdicts.flatMap((verdict) => (verdict.isAdmitted ? [verdict.leave()] : [])));

const itemOf = async (id: string) => {
  const client = new DynamoDBClient(stack.clientConfig);
  const { Item } = await client.send(new GetItemCommand({ TableName: TENANTS.name, Key: { id: { S: id } } }));
  client.destroy();
  return Item;
};

test('of many runs of a tenant that begin at once in many processes, exactly as many begin as there are places', async () => {
  const gates = Array.from({ length: 5 }, () => gateOf());
  const verdicts = await crowd(gates, 70, { concurrency: 25 });
  expect(admitted(verdicts)).toHaveLength(25);
  await leaveAll(verdicts);
  expect((await itemOf(tenant))!.places).toEqual({ M: {} });
  expect(admitted(await crowd(gates, 30, { concurrency: 25 }))).toHaveLength(25);
});

test('of many runs that begin at once, exactly the burst begins, and then what the rate allows', async () => {
  const gates = Array.from({ length: 5 }, () => gateOf());
  const limits = { throttling: { rateLimit: 8, burstLimit: 15 } };
  expect(admitted(await crowd(gates, 50, limits))).toHaveLength(15);
  nowMs += 124;
  expect(admitted(await crowd(gates, 10, limits))).toHaveLength(0);
  nowMs += 1;
  expect(admitted(await crowd(gates, 10, limits))).toHaveLength(1);
  nowMs += 1_000;
  expect(admitted(await crowd(gates, 20, limits))).toHaveLength(8);
  nowMs += 3_600_000;
  expect(admitted(await crowd(gates, 30, limits))).toHaveLength(15);
});

test('whichever limit is reached first holds, and a run that one of them refuses takes nothing of the other', async () => {
  const gate = gateOf();
  const limits = { concurrency: 3, throttling: { rateLimit: 1, burstLimit: 5 } };
  const verdicts = await crowd([gate], 15, limits);
  expect(admitted(verdicts)).toHaveLength(3);
  await leaveAll(verdicts);
  const others = await crowd([gate], 15, limits);
  expect(admitted(others)).toHaveLength(2);
  expect(others.at(-1)).toMatchObject({ limit: 'throttling' });
});

test('one tenant does not touch another', async () => {
  const gate = gateOf();
  const [one, other] = await Promise.all([
    crowd([gate], 15, { concurrency: 4 }, `${tenant}-one`),
    crowd([gate], 15, { concurrency: 9 }, `${tenant}-other`),
  ]);
  expect([admitted(one).length, admitted(other).length]).toEqual([4, 9]);
});

test('the place of a run whose process has died is free when the run would have ended at the latest, and no sooner', async () => {
  const limits = { concurrency: 2 };
  expect(admitted(await crowd([gateOf()], 2, limits))).toHaveLength(2);
  const gate = gateOf();
  nowMs += LASTS_MS + SLACK_MS - 1;
  expect(admitted(await crowd([gate], 5, limits))).toHaveLength(0);
  nowMs += 1;
  const verdicts = await crowd([gate, gateOf()], 20, limits);
  expect(admitted(verdicts)).toHaveLength(2);
  await leaveAll(verdicts);
  expect((await itemOf(tenant))!.places).toEqual({ M: {} });
});

test('a run that leaves after its place was given to another takes nothing from that one', async () => {
  const gate = gateOf();
  const late = await crowd([gate], 1, { concurrency: 1 });
  nowMs += LASTS_MS + SLACK_MS;
  expect(admitted(await crowd([gate], 1, { concurrency: 1 }))).toHaveLength(1);
  await leaveAll(late);
  expect(admitted(await crowd([gate], 1, { concurrency: 1 }))).toHaveLength(0);
});

test('limits that a deployment adds or changes hold for tenants that are there already', async () => {
  const gate = gateOf();
  await crowd([gate], 1, { throttling: { rateLimit: 1, burstLimit: 5 } });
  expect(admitted(await crowd([gate], 5, { concurrency: 3 }))).toHaveLength(3);
  expect(admitted(await crowd([gate], 5, { concurrency: 4 }))).toHaveLength(1);
});

test('DynamoDB deletes a tenant only after its bucket is full again', async () => {
  await crowd([gateOf()], 1, { throttling: { rateLimit: 0.001, burstLimit: 100 } });
  const seconds = Number((await itemOf(tenant))!.expiresAtSeconds!.N);
  expect(seconds).toBeGreaterThanOrEqual(BEGIN_MS / 1_000 + 100_000);
});

test('a run of a tenant with room begins, though another pays between each look at the tenant and the write', async () => {
  const limits = { throttling: { rateLimit: 1_000, burstLimit: 200 } };
  const other = gateOf();
  const table = new TenantTable(TENANTS.name);
  const store = {
    ready: () => table.ready(),
    enter: async (...call: Parameters<TenantTable['enter']>) => {
      await other.enter(tenant, limits, LASTS_MS);
      const found = await table.enter(...call);
      nowMs += 2;
      return found;
    },
    leave: () => Promise.resolve(),
  };
  const gate = gateOf(store);
  expect(await gate.enter(tenant, limits, LASTS_MS)).toMatchObject({ isAdmitted: true, isChecked: true });
});

test('who finds the tenant changed again and again is refused, and not let in unchecked', async () => {
  const rounds: number[] = [];
  const store = {
    ready: () => Promise.resolve(),
    enter: () => Promise.resolve({ paidUntilMs: 0, places: { [`run-${rounds.push(1)}`]: nowMs }, hasPlaces: true }),
    leave: () => Promise.resolve(),
  };
  const gate = gateOf(store);
  expect(await gate.enter(tenant, { concurrency: 2 }, LASTS_MS)).toEqual({
    isAdmitted: false,
    limit: 'concurrency',
    retryAfterMs: 1_000,
    reason: 'too many runs of the tenant begin and end at once',
  });
  expect(rounds.length).toBeLessThan(10);
});

test('a known tenant with room costs one request to the table, an unknown one two', async () => {
  const counted = { requests: 0 };
  const table = new TenantTable(TENANTS.name);
  const store = {
    ready: () => table.ready(),
    enter: (...call: Parameters<TenantTable['enter']>) => {
      counted.requests++;
      return table.enter(...call);
    },
    leave: () => Promise.resolve(),
  };
  const gate = gateOf(store);
  const limits = { concurrency: 9, throttling: { rateLimit: 1, burstLimit: 9 } };
  await gate.enter(tenant, limits, LASTS_MS);
  expect(counted.requests).toBe(2);
  await gate.enter(tenant, limits, LASTS_MS);
  nowMs += 60_000;
  await gate.enter(tenant, limits, LASTS_MS);
  expect(counted.requests).toBe(4);
});

/** The table, which takes what a run asks of it only when it is told to. */
function hangingTable() {
  const table = new TenantTable(TENANTS.name);
  let answer = () => {};
  const told = new Promise<void>((resolve) => {
    answer = resolve;
  });
  let asked: Promise<unknown> = Promise.resolve();
  const store: TenantStore = {
    ready: () => table.ready(),
    // What has been sent cannot be called back.
    enter: (of, entry) => {
      const entered = told.then(() => table.enter(of, entry, new AbortController().signal));
      asked = entered;
      return entered;
    },
    leave: (...call) => table.leave(...call),
  };
  return {
    store,
    /** Settles when it has answered. */
    answers: async () => {
      answer();
      await asked;
    },
  };
}

/** Lets a run in that the table keeps waiting for longer than it may. */
async function enterUnchecked(gate: Gate, limits: TenantLimits) {
  const entering = gate.enter(tenant, limits, LASTS_MS);
  await new Promise(setImmediate);
  clock.advance(TIMEOUT_MS - 1);
  await new Promise(setImmediate);
  expect(await Promise.race([entering, Promise.resolve('waits')])).toBe('waits');
  clock.advance(1);
  const verdict = await entering;
  expect(verdict).toMatchObject({ isAdmitted: true, isChecked: false });
  return verdict;
}

describe('while the table does not answer', () => {
  const limits = { concurrency: 1 };

  /** There is a tenant already: the first try is its entry. */
  beforeEach(async () => leaveAll(await crowd([gateOf()], 1, limits)));

  test('a run begins after half a second, unchecked, and the place that it gets late is given back at its end', async () => {
    const table = hangingTable();
    const verdict = await enterUnchecked(gateOf(table.store), limits);
    await table.answers();
    expect(admitted(await crowd([gateOf()], 3, limits))).toHaveLength(0);
    await leaveAll([verdict]);
    expect(admitted(await crowd([gateOf()], 3, limits))).toHaveLength(1);
  });

  test('a place that it gets after its end is free when it would have ended at the latest', async () => {
    const table = hangingTable();
    await leaveAll([await enterUnchecked(gateOf(table.store), limits)]);
    await table.answers();
    nowMs += LASTS_MS + SLACK_MS - 1;
    expect(admitted(await crowd([gateOf()], 3, limits))).toHaveLength(0);
    nowMs += 1;
    expect(admitted(await crowd([gateOf()], 3, limits))).toHaveLength(1);
  });

  test('a run ends no later than half a second after its output', async () => {
    const store = { ...hangingTable().store, leave: () => new Promise<never>(() => {}) };
    const leaving = leaveAll([await enterUnchecked(gateOf(store), limits)]);
    clock.advance(TIMEOUT_MS);
    await leaving;
  });
});

test('without a table a run begins, unchecked', async () => {
  expect(await gateOf(new TenantTable('lost')).enter(tenant, { concurrency: 1 }, LASTS_MS)).toMatchObject({
    isAdmitted: true,
    isChecked: false,
  });
});

test('a tenant whose runs come faster than its item can be written is refused: nobody leaves a limit by flooding it', async () => {
  const remove = stack.aws.faults.add({ calls: 'DynamoDB.UpdateItem', outcome: 'throttled' });
  const verdict = await gateOf().enter(tenant, { concurrency: 9 }, LASTS_MS);
  remove();
  expect(verdict).toMatchObject({ isAdmitted: false, limit: 'concurrency', retryAfterMs: 1_000 });
});

test('a run that begins unchecked says why', async () => {
  const remove = stack.aws.faults.add({ calls: 'DynamoDB.UpdateItem', outcome: 'unavailable' });
  const verdict = await gateOf().enter(tenant, { concurrency: 9 }, LASTS_MS);
  remove();
  expect(verdict).toMatchObject({ isAdmitted: true, isChecked: false, fault: 'InternalServerError' });
});
