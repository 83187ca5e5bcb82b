import { z } from 'zod';
import { type Graph, graph, model } from '../../core/graph';
import { type WarmerConfig, warmGraphOf } from '../../core/warm';
import type { Board } from '../../lambda/warm-board/board';
import { componentId } from '../../lambda/warm-board/documents';
import type { ControlPlane } from '../../lambda/warmer/control-plane';
import type { Fault } from '../../local/aws';
import { type ColdAgent, startColdAgent, type WarmerFunction } from '../lambda/warmer/cold-agent';
import { configOf, keyOf } from '../lambda/warmer/warm-stack';

const CHAIN = ['planner', 'searcher', 'writer'];
const COLD_START_MS = 260_000;

/** What a refused call waits until the alarm of SageMaker starts a copy. */
const ALARM_MS = 60_000;

/** Whoever waits for a copy asks every 5 s at least, once for each step of the chain. */
const ASKING_MS = 3 * 5_000;
const SLACK_MS = ASKING_MS + 45_000;

const chain = graph('support', { input: z.object({}) })
  .node('planner', { call: model('planner'), input: () => 'Plan.' })
  .node('searcher', ['planner'], { call: model('searcher'), input: () => 'Search.' })
  .node('writer', ['searcher'], { call: model('writer'), input: () => 'Write.' })
  .output(['writer'], ({ writer }) => writer.text);

const fanOut = graph('support', { input: z.object({}) })
  .node('planner', { call: model('planner'), input: () => 'Plan.' })
  .node('law', ['planner'], { call: model('law'), input: () => 'Law?' })
  .node('tax', ['planner'], { call: model('tax'), input: () => 'Tax?' })
  .node('trade', ['planner'], { call: model('trade'), input: () => 'Trade?' })
  .node('health', ['planner'], { call: model('health'), input: () => 'Health?' })
  .node('energy', ['planner'], { call: model('energy'), input: () => 'Energy?' })
  .output(['law', 'tax', 'trade', 'health', 'energy'], ({ law }) => law.text);

const configFor = (agent: Graph): WarmerConfig => {
  const names = agent.components().map(({ name }) => name);
  const components = Object.fromEntries(names.map((name) => [name, keyOf(name)]));
  return configOf(names, {
    policy: 'entry',
    agents: { support: { graph: warmGraphOf(agent.definition), components } },
  });
};

const CONFIG = configFor(chain);

// The clients of AWS wait by real time before they try again.
jest.setTimeout(30_000);

let cold: ColdAgent;

async function start(agent: Graph = chain, warmer?: WarmerFunction): Promise<void> {
  cold = await startColdAgent(agent, configFor(agent), warmer);
}

afterEach(() => cold.stack.close());

const wallMs = async (isWarmed: boolean) => (await cold.run(isWarmed)).record.wallMs;

/** Three alarms and three cold starts, and the asking in between. */
const WITHOUT_MS = 3 * (ALARM_MS + COLD_START_MS);

test('a run waits for the longest of three cold starts, and not for their sum', async () => {
  await start();
  const { record, warming } = await cold.run(true);
  expect(record.wallMs).toBeLessThan(1.5 * COLD_START_MS);
  expect(warming?.requests).toBe(1);
});

test('without a warmer it waits for their sum', async () => {
  await start();
  const ms = await wallMs(false);
  expect(ms).toBeGreaterThan(WITHOUT_MS - ASKING_MS);
  expect(ms).toBeLessThan(WITHOUT_MS + SLACK_MS);
});

test('a fan-out of five cold components behind a sixth waits for the longest of all', async () => {
  await start(fanOut);
  expect(await wallMs(true)).toBeLessThan(1.5 * COLD_START_MS);
});

test('without a warmer it waits for two cold starts, one after the other', async () => {
  await start(fanOut);
  expect(await wallMs(false)).toBeGreaterThan(2 * (ALARM_MS + COLD_START_MS) - ASKING_MS);
});

/** No worse than without: beyond that bound lie only the jitter of asking and the answers, on both sides. */
async function expectNoHarm(removeFault: () => void = () => {}): Promise<void> {
  expect(await wallMs(true)).toBeLessThan(WITHOUT_MS + SLACK_MS);
  removeFault();
  await cold.idle();
  expect(await cold.capacity()).toEqual({ minima: 0, copies: 0, holds: 0 });
}

test.each<Fault>([
  { calls: 'Lambda.Invoke', outcome: 'unavailable' },
  { calls: 'Lambda.Invoke', outcome: 'lost', times: 1 },
  { calls: 'ApplicationAutoScaling', outcome: 'throttled', times: 6 },
  { calls: 'SageMaker.UpdateInferenceComponentRuntimeConfig', outcome: 'unavailable', times: 6 },
  { calls: 'DynamoDB', outcome: 'unavailable' },
])('%o makes no run wait for longer than without a warmer, and capacity is in the end what it was', async (fault) => {
  await start();
  await expectNoHarm(cold.stack.fault(fault));
});

test('a board that takes cold components for warm costs the warm-up, and nothing else', async () => {
  await start();
  const { board, world } = cold.stack;
  for (const name of CHAIN) {
    const record = { observedAtMs: world.nowMs, copies: 1, desiredCopies: 1, coldStartMs: COLD_START_MS };
    await board.write(componentId(keyOf(name)), record, undefined);
  }
  await expectNoHarm();
});

test('of two warmers at once neither takes the copies of the other, nor leaves some behind', async () => {
  await start(chain, async (stack, event) => {
    await Promise.all([stack.invoke(CONFIG, event), stack.invoke(CONFIG, event)]);
  });
  expect(await wallMs(true)).toBeLessThan(1.5 * COLD_START_MS);
  await cold.idle();
  expect(await cold.capacity()).toEqual({ minima: 0, copies: 0, holds: 0 });
});

test.each([1, 12, 30])(
  'a warmer that dies at its operation %i harms no run, and capacity is in the end what it was',
  async (last) => {
    await start(chain, (stack, event) => {
      let operations = 0;
      const isDead = () => ++operations >= last;
      const parts = { board: mortal<Board>(stack.board, isDead), plane: mortal<ControlPlane>(stack.plane, isDead) };
      return stack.invoke(CONFIG, event, parts);
    });
    await expectNoHarm();
  },
);

/** What does nothing any more once its process has ended. */
function mortal<T extends object>(service: T, isDead: () => boolean): T {
  return new Proxy(service, {
    get: (target, name) => {
      const method = Reflect.get(target, name) as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => (isDead() ? Promise.reject(new Error('died')) : method.apply(target, args));
    },
  });
}
