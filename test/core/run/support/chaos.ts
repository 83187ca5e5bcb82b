import { getEventListeners } from 'node:events';
import type { Graph } from 'cdk-compound-inference/graph';
import fc from 'fast-check';
import { COMPONENTS, type GraphShape, graphOf, graphShape, replyOf } from './shapes';
import { type Outcome, World } from './world';

/** Everything that can befall a run at once. */
export interface Chaos {
  readonly shape: GraphShape;
  /** Most calls in flight to each component. */
  readonly limits: readonly number[];
  /** What the engine's random source draws, again and again. */
  readonly draws: readonly number[];
  readonly deadlineMs?: number;
  readonly cancelMs?: number;
}

/** A moment between those at which anything else can happen. */
const momentMs = fc.nat(400).map((ms) => ms + 0.11);

export const chaos: fc.Arbitrary<Chaos> = fc.record(
  {
    shape: graphShape,
    limits: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: COMPONENTS, maxLength: COMPONENTS }),
    draws: fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 1, maxLength: 5 }),
    deadlineMs: momentMs,
    cancelMs: momentMs,
  },
  { requiredKeys: ['shape', 'limits', 'draws'] },
);

/** What was there when the run had ended. */
export interface Aftermath {
  readonly graph: Graph;
  readonly world: World;
  readonly outcome: Outcome;
  readonly tries: number;
  readonly engineTimers: number;
  readonly listeners: number;
}

export async function suffer({ shape, limits, draws, deadlineMs, cancelMs }: Chaos): Promise<Aftermath> {
  let drawn = 0;
  const world = new World(replyOf(shape), () => draws[drawn++ % draws.length]!);
  const graph = graphOf(shape, world.clock, limits);
  const controller = new AbortController();
  if (cancelMs !== undefined) world.clock.setTimer(() => controller.abort(), cancelMs);
  const outcome = await world.run(
    graph,
    {},
    { signal: controller.signal, ...(deadlineMs !== undefined && { deadlineMs }) },
  );
  return {
    graph,
    world,
    outcome,
    tries: world.tries.length,
    engineTimers: world.engineTimers,
    listeners: getEventListeners(controller.signal, 'abort').length,
  };
}
