import type { Graph } from 'cdk-compound-inference/graph';
import type { Call } from 'cdk-compound-inference/run';
import { callPolicies } from '../../../../core/run/policies';
import { type Reply, World } from './world';

/** A world whose backends have just served a run of the graph, at once, as hedges ask for; from then on they do as `reply` says. */
export async function warmWorld(graph: Graph, reply: (call: Call) => Reply, output: unknown = 'warm'): Promise<World> {
  let isWarm = false;
  const world = new World((call) => (isWarm ? reply(call) : { output }), 0.5, callPolicies());
  await world.run(graph);
  isWarm = true;
  world.tries.length = 0;
  return world;
}
