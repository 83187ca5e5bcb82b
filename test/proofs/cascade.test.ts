import { z } from 'zod';
import { type Graph, graph, model } from '../../core/graph';
import { type WarmerConfig, warmGraphOf } from '../../core/warm';
import type { Board } from '../../lambda/warm-board/board';
import { componentId } from '../../lambda/warm-board/documents';
import type { ControlPlane } from '../../lambda/warmer/control-plane';
import type { Fault } from '../../local/aws';
import { type ColdAgent, startColdAgent, type WarmerFunction } from '../lambda/warmer/cold-agent';
import { configOf, keyOf } from '../lambda/warmer/warm-stack';

const COLD_START_MS = 260_000;

/** A run whose models are warmed waits for the longest of their cold starts, and hardly for anything besides. */
const WARMED_MS = 1.05 * COLD_START_MS;

/** What a refused call waits until the alarm of SageMaker starts a copy. */
const ALARM_MS = 60_000;

/** Whoever waits for a copy asks every 5 s at least. */
const ASKING_MS = 5_000;
const SLACK_MS = 45_000;

const chain = graph('support', { input: z.object({}) })
  .node('planner', { call: model('planner'), input: () => 'Plan.' })
  .node('searcher', ['planner'], { call: model('searcher'), input: () => 'Search.' })
  .node('writer', ['searcher'], { call: model('writer'), input: () => 'Write.' })
  .output(['writer'], ({ writer }) => writer.text);

const longChain = graph('support', { input: z.object({}) })
  .node('planner', { call: model('planner'), input: () => 'Plan.' })
  .node('searcher', ['planner'], { call: model('searcher'), input: () => 'Search.' })
  .node('judge', ['searcher'], { call: model('judge'), input: () => 'Judge.' })
  .node('writer', ['judge'], { call: model('writer'), input: () => 'Write.' })
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

// The clients of AWS wait by real time before they try again.
jest.setTimeout(30_000);

let cold: ColdAgent;

async function start(agent: Graph, warmer?: WarmerFunction): Promise<void> {
  cold = await startColdAgent(agent, configFor(agent), warmer);
}

afterEach(() => cold.stack.close());

const wallMs = async (isWarmed: boolean) => (await cold.run(isWarmed)).record.wallMs;

/** An alarm and a cold start for each component on the longest way through a graph, and the asking in between. */
const withoutMs = (depth: number) => depth * (ALARM_MS + COLD_START_MS);

test.each([
  ['a chain of three', chain],
  ['a chain of four', longChain],
  ['a fan-out of five behind a sixth', fanOut],
])('a run of %s waits for the longest of all cold starts, and not for their sum', async (_, agent) => {
  await start(agent);
  const { record, warming } = await cold.run(true);
  expect(record.wallMs).toBeLessThan(WARMED_MS);
  expect(warming?.requests).toBe(1);
});

test.each([
  ['a chain of three', chain, 3],
  ['a fan-out of five behind a sixth', fanOut, 2],
])('without a warmer a run of %s waits for their sum', async (_, agent, depth) => {
  await start(agent);
  const ms = await wallMs(false);
  expect(ms).toBeGreaterThan(withoutMs(depth) - depth * ASKING_MS);
  expect(ms).toBeLessThan(withoutMs(depth) + depth * ASKING_MS + SLACK_MS);
});

/** No worse than without: beyond that bound lie only the jitter of asking and the answers, on both sides. */
async function expectNoHarm(depth: number, removeFault: () => void = () => {}): Promise<void> {
  expect(await wallMs(true)).toBeLessThan(withoutMs(depth) + depth * ASKING_MS + SLACK_MS);
  removeFault();
  await expectAsBefore();
}

async function expectAsBefore(): Promise<void> {
  await cold.idle();
  expect(await cold.capacity()).toEqual({ minima: 0, copies: 0, holds: 0 });
}

const FAULTS: readonly Fault[] = [
  { calls: 'Lambda.Invoke', outcome: 'unavailable' },
  { calls: 'ApplicationAutoScaling', outcome: 'throttled', times: 6 },
];

const MORE_FAULTS: readonly Fault[] = [
  { calls: 'Lambda.Invoke', outcome: 'lost', times: 1 },
  { calls: 'SageMaker.UpdateInferenceComponentRuntimeConfig', outcome: 'unavailable', times: 6 },
  { calls: 'DynamoDB', outcome: 'unavailable' },
];

describe.each([
  ['a chain', chain, 3, [...FAULTS, ...MORE_FAULTS], [1, 12, 30]],
  ['a fan-out', fanOut, 2, FAULTS, [20]],
] as const)(
  'a run of %s waits no longer than without a warmer, and capacity is in the end what it was,',
  (_, agent, depth, faults, deaths) => {
    test.each(faults)('with %o', async (fault) => {
      await start(agent);
      await expectNoHarm(depth, cold.stack.fault(fault));
    });

    test.each(deaths)('with a warmer that dies at its operation %i', async (operation) => {
      await start(agent, (stack, event) => {
        let operations = 0;
        const isDead = () => ++operations >= operation;
        const parts = { board: mortal<Board>(stack.board, isDead), plane: mortal<ControlPlane>(stack.plane, isDead) };
        return stack.invoke(configFor(agent), event, parts);
      });
      await expectNoHarm(depth);
    });
  },
);

test.each([
  ['a chain', chain],
  ['a fan-out', fanOut],
])(
  'with a board that takes cold components for warm a run of %s waits for the longest start all the same',
  async (_, agent) => {
    await start(agent);
    const { board, world } = cold.stack;
    for (const { name } of agent.components()) {
      const record = { observedAtMs: world.nowMs, copies: 1, desiredCopies: 1, coldStartMs: COLD_START_MS };
      await board.write(componentId(keyOf(name)), record, undefined);
    }
    expect(await wallMs(true)).toBeLessThan(WARMED_MS);
    await expectAsBefore();
  },
);

test('of two warmers at once neither takes the copies of the other, nor leaves some behind', async () => {
  const config = configFor(chain);
  await start(chain, async (stack, event) => {
    await Promise.all([stack.invoke(config, event), stack.invoke(config, event)]);
  });
  expect(await wallMs(true)).toBeLessThan(WARMED_MS);
  await expectAsBefore();
});

/** What does nothing any more once its process has ended. */
function mortal<T extends object>(service: T, isDead: () => boolean): T {
  return new Proxy(service, {
    get: (target, name) => {
      const method = Reflect.get(target, name) as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => (isDead() ? Promise.reject(new Error('died')) : method.apply(target, args));
    },
  });
}
