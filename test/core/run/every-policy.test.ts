import { getEventListeners } from 'node:events';
import { Graph } from 'cdk-compound-inference/graph';
import fc from 'fast-check';
import type { SpilloverBinding } from '../../../core/graph/binding';
import { callPolicies } from '../../../core/run/policies';
import { type Chaos, chaos } from './support/chaos';
import { digest, graphOf, idOf, itemsOf, type Question, replyOf } from './support/shapes';
import { type Outcome, World } from './support/world';

const SPILLOVER: SpilloverBinding = {
  type: 'spillover',
  alternatives: [
    { type: 'sagemaker', endpointName: 'fleet' },
    { type: 'bedrock', modelId: 'imported' },
  ],
  when: { maxInFlight: 2 },
};

const EVERY_POLICY = {
  hedge: { afterMs: 8, budget: 1 },
  singleFlight: true,
  cache: { forMs: 30 },
  breaker: { minCalls: 4, openMs: 20, slowMs: 15, probes: 1 },
};

/** Several visitors of several tenants at once, each with every feature on, and whatever can befall them. */
interface Crowd {
  readonly chaos: Chaos;
  readonly visitors: readonly { readonly tenant?: string; readonly atMs: number; readonly budgetUsd?: number }[];
}

const crowd: fc.Arbitrary<Crowd> = fc.record({
  chaos,
  visitors: fc.array(
    fc.record(
      {
        tenant: fc.constantFrom('a', 'b'),
        atMs: fc.nat(60).map((ms) => ms + 0.31),
        budgetUsd: fc.integer({ min: 1, max: 12 }),
      },
      { requiredKeys: ['atMs'] },
    ),
    { minLength: 1, maxLength: 4 },
  ),
});

const withEveryPolicy = ({ definition }: Graph): Graph => {
  const known = new Map<string, object>();
  return new Graph({
    ...definition,
    nodes: definition.nodes.map((node) => {
      if (node.kind === 'compute') return node;
      const call = known.get(node.call.name) ?? { ...node.call, ...EVERY_POLICY };
      known.set(node.call.name, call);
      return { ...node, call: call as typeof node.call };
    }),
  });
};

/** Without a deadline of its own a run has this one: what is cold for ever must not be waited for so long. */
const DEADLINE_MS = 700.07;

async function visit({ chaos: { shape, limits, draws, deadlineMs = DEADLINE_MS, cancelMs }, visitors }: Crowd) {
  let drawn = 0;
  const reply = replyOf(shape);
  const world = new World(
    (call) => ({ ...reply(call), costUsd: 1 }),
    () => draws[drawn++ % draws.length]!,
    callPolicies({
      spilloverOf: ({ name }) => (name === 'c1' ? SPILLOVER : undefined),
    }),
  );
  const graph = withEveryPolicy(graphOf(shape, world.clock, limits));
  const controller = new AbortController();
  if (cancelMs !== undefined) world.clock.setTimer(() => controller.abort(), cancelMs);
  const runs = visitors.map(async ({ atMs, ...terms }): Promise<Outcome> => {
    await new Promise<void>((resolve) => void world.clock.setTimer(resolve, atMs));
    return world.start(graph, {}, { ...terms, deadlineMs, signal: controller.signal });
  });
  const outcomes = await world.clock.until(Promise.all(runs));
  return { world, graph, outcomes, deadlineMs, controller };
}

test('with every feature on, every run ends with a right answer or a typed error, within its deadline', async () => {
  await fc.assert(
    fc.asyncProperty(crowd, async (given) => {
      const { outcomes, deadlineMs, graph } = await visit(given);
      for (const { output, error, record } of outcomes) {
        expect(record.wallMs).toBeLessThanOrEqual(deadlineMs + 1e-6);
        if (error) expect(error.name).toBe('RunError');
        else expect(output).toBe(rightAnswer(given, graph, record.nodes));
      }
    }),
    { numRuns: 100 },
  );
});

test('with every feature on, a run that has ended leaves no timer, no listener and no try that could be told to stop', async () => {
  await fc.assert(
    fc.asyncProperty(crowd, async (given) => {
      const { world, controller } = await visit(given);
      expect(world.engineTimers).toBe(0);
      expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
      const left = world.inFlight;
      for (const { signal } of left) expect(signal.aborted).toBe(true);
      // One component goes on although it was told to stop.
      expect(left.every(({ component }) => component === 'c2')).toBe(true);
    }),
    { numRuns: 100 },
  );
});

test('with every feature on, what a backend was paid is on record once', async () => {
  await fc.assert(
    fc.asyncProperty(crowd, async (given) => {
      const { world, outcomes } = await visit(given);
      const recorded = outcomes.reduce((sum, { record }) => sum + record.costUsd, 0);
      const answered = world.tries.filter(({ endMs }) => endMs !== undefined).length;
      expect(recorded).toBeLessThanOrEqual(answered);
      const attempts = outcomes.flatMap(({ record }) =>
        Object.values(record.nodes).flatMap(({ calls }) => calls.map((call) => call.attempts)),
      );
      expect(attempts.reduce((sum, count) => sum + count, 0)).toBe(world.tries.length);
    }),
    { numRuns: 100 },
  );
});

/** What the graph must answer, given which of its nodes and items had no value of their own. */
function rightAnswer({ chaos: { shape } }: Crowd, { definition }: Graph, records: Outcome['record']['nodes']): number {
  const values = new Map<string, unknown>();
  const valuesOf = (needs: readonly string[]) => ({
    input: {},
    ...Object.fromEntries(needs.map((need) => [need, values.get(need)])),
  });
  shape.nodes.forEach((node, position) => {
    const { id, needs, default: fallback } = definition.nodes[position]!;
    const { status, calls } = records[idOf(position)]!;
    const sees = valuesOf(needs);
    const answer = (item: number) => digest({ position, item, sees } satisfies Question);
    if (status !== 'succeeded') values.set(id, node.kind === 'map' && status === 'skipped' ? undefined : fallback);
    else if (node.kind !== 'map') values.set(id, answer(0));
    else
      values.set(
        id,
        itemsOf(node).map((_, item) => (calls.some(isOf(idOf(position), item)) ? fallback : answer(item))),
      );
  });
  return digest(valuesOf(definition.result.needs));
}

const isOf =
  (id: string, item: number) =>
  ({ error }: Outcome['record']['nodes'][string]['calls'][number]) =>
    error?.at === `${id}[${item}]`;
