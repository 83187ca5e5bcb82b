import { getEventListeners } from 'node:events';
import { Graph, type Join } from 'cdk-compound-inference/graph';
import fc from 'fast-check';
import { type Chaos, chaos } from './support/chaos';
import { graphOf, replyOf } from './support/shapes';
import { World } from './support/world';

/** Joins put into a graph: of each node with several needs, how many are enough, and with how few it goes on when. */
interface Case {
  readonly chaos: Chaos;
  readonly joins: readonly { readonly atLeast: number; readonly lateMs?: number }[];
}

const joinedChaos: fc.Arbitrary<Case> = fc.record({
  chaos,
  joins: fc.array(
    fc.record({ atLeast: fc.nat(3), lateMs: fc.nat(60).map((ms) => ms + 0.53) }, { requiredKeys: ['atLeast'] }),
    { minLength: 12, maxLength: 12 },
  ),
});

/** 0 leaves a node as it is. */
function joinOf(needs: readonly string[], { atLeast, lateMs }: Case['joins'][number]): Join | undefined {
  if (needs.length < 2 || atLeast === 0) return undefined;
  const enough = Math.min(atLeast, needs.length);
  return {
    atLeast: enough,
    of: needs,
    ...(lateMs !== undefined && { late: { afterMs: lateMs, atLeast: enough - 1 } }),
  };
}

async function meet({ chaos: { shape, limits, draws, deadlineMs, cancelMs }, joins }: Case) {
  let drawn = 0;
  const world = new World(replyOf(shape), () => draws[drawn++ % draws.length]!);
  const { definition } = graphOf(shape, world.clock, limits);
  const nodes = definition.nodes.map((node, i) => {
    const join = joinOf(node.needs, joins[i]!);
    return join ? { ...node, join } : node;
  });
  const graph = new Graph({ ...definition, nodes });
  const controller = new AbortController();
  if (cancelMs !== undefined) world.clock.setTimer(() => controller.abort(), cancelMs);
  const options = { signal: controller.signal, ...(deadlineMs !== undefined && { deadlineMs }) };
  const outcome = await world.run(graph, {}, options);
  return { world, graph, outcome, timers: world.engineTimers, controller };
}

test('with joins, whatever befalls a run, it ends and leaves nothing under way', async () => {
  await fc.assert(
    fc.asyncProperty(joinedChaos, async (given) => {
      const { world, outcome, timers, controller } = await meet(given);
      expect(timers).toBe(0);
      // One component cannot be told to stop.
      expect(world.inFlight.filter(({ signal }) => !signal.aborted)).toEqual([]);
      expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
      const before = structuredClone(outcome.record);
      const tries = world.tries.length;
      await world.clock.runAll();
      expect(world.inFlight).toEqual([]);
      expect(world.tries).toHaveLength(tries);
      expect(outcome.record).toEqual(before);
    }),
    { numRuns: 150 },
  );
});

test('with joins, the record is consistent: who was lost, to whom, and what decided when the run ended', async () => {
  await fc.assert(
    fc.asyncProperty(joinedChaos, async (given) => {
      const { graph, outcome } = await meet(given);
      const { nodes, criticalPath, overheadMs, wallMs } = outcome.record;
      for (const [id, { status, lostTo, startMs, endMs, calls }] of Object.entries(nodes)) {
        expect(0 <= startMs && startMs <= endMs && endMs <= wallMs).toBe(true);
        for (const call of calls) expect(startMs <= call.startMs && call.endMs <= endMs).toBe(true);
        expect(status === 'lost').toBe(lostTo !== undefined);
        if (lostTo === undefined) continue;
        expect(graph.definition.nodes.find((node) => node.id === lostTo)!.join).toBeDefined();
        // Whatever needed it has gone on, or never will.
        const users = graph.definition.nodes.filter(({ needs }) => needs.includes(id));
        for (const user of users) {
          const { status: fate, startMs: atMs } = nodes[user.id]!;
          expect(user.join !== undefined || fate === 'lost' || fate === 'stopped').toBe(true);
          if (fate !== 'cancelled') expect(atMs).toBeLessThanOrEqual(Math.max(endMs, atMs));
        }
        expect(graph.definition.result.needs).not.toContain(id);
      }
      for (const [i, id] of criticalPath.entries()) {
        const before = criticalPath[i - 1];
        if (before === undefined) expect(nodes[id]!.startMs).toBe(0);
        else expect(nodes[id]!.startMs).toBeLessThanOrEqual(nodes[before]!.endMs);
      }
      expect(overheadMs).toBeCloseTo(0, 6);
    }),
    { numRuns: 150 },
  );
});

test('a join never makes a run later, as long as nothing fails', async () => {
  await fc.assert(
    fc.asyncProperty(joinedChaos, async ({ chaos: { shape, ...rest }, joins }) => {
      const nodes = shape.nodes.map((node) => ({
        ...node,
        skipModulus: Number.MAX_SAFE_INTEGER,
        items: node.items.map(({ ms }) => ({ ms, troubles: [] })),
      }));
      // Places in a queue are given by what is left to do, which joins change.
      const smooth = {
        shape: { nodes, outputNeeds: 'last' as const },
        draws: rest.draws,
        limits: [12, 12, 12].map(() => 1_000),
      };
      const with_ = (await meet({ chaos: smooth, joins })).outcome;
      const without = (await meet({ chaos: smooth, joins: joins.map(() => ({ atLeast: 0 })) })).outcome;
      expect(with_.record.status).toBe('succeeded');
      expect(with_.record.wallMs).toBeLessThanOrEqual(without.record.wallMs + 1e-9);
    }),
    { numRuns: 100, endOnFailure: true },
  );
});
