import type { PlannedNode } from '../../agent/agent-plan';
import { isTaken, itemsOf, workOf } from '../../agent/node-needs';
import { Purpose } from '../../agent/purpose';
import { capacityOf } from '../../profiles/capacity';
import type { Work } from '../../serving/copy-profile';
import { drawAt, quantileFunction } from '../../workload/draw';
import type { ComponentModel } from '../../world/world-model';
import type { PolicyContext } from '../policy';

/** Runs that have come, and what they call. */
export type RunsContext = Pick<PolicyContext, 'plan' | 'components' | 'worldModel' | 'requests' | 'seed'>;

/** A call as it would go in a warm copy that serves nothing else. */
export interface LightCall {
  readonly node: PlannedNode;
  readonly work: Work;
  readonly ms: number;
}

/** Runs that have come, as they would go at light load. */
export interface LightRuns {
  /** Time of each node, by id, of each run; a node that did not run is left out. */
  readonly runs: readonly Readonly<Record<string, number>>[];
  /** Of all runs, in no order. */
  readonly calls: readonly LightCall[];
}

/** @param count the first runs, all of which must have come */
export function lightRuns(context: RunsContext, count: number): LightRuns {
  const { plan, components, worldModel, requests, seed } = context;
  const latencies = components.map((name) => lightLatency(worldModel.components[name]!));
  const calls: LightCall[] = [];
  const runs = Array.from({ length: count }, (_, request) => {
    const tokens = { promptTokens: requests.promptTokens[request]!, outputTokens: requests.outputTokens[request]! };
    const times: Record<string, number> = {};
    for (const node of plan.nodes) {
      const latencyMs = latencies[node.component];
      if (!latencyMs || !isTaken(seed, requests, request, node)) continue;
      const items = itemsOf(seed, request, node, tokens);
      const lanes = Array<number>(Math.min(items, node.concurrency)).fill(0);
      for (let item = items - 1; item >= 0; item--) {
        const work = workOf(seed, request, node, item, tokens);
        const ms = latencyMs(work, drawAt(seed, request, node.position, item, Purpose.serving));
        calls.push({ node, work, ms });
        lanes[lanes.indexOf(Math.min(...lanes))]! += plan.callUs / 1000 + ms;
      }
      if (items > 0) times[node.id] = Math.max(...lanes);
    }
    return times;
  });
  return { runs, calls };
}

function lightLatency(component: ComponentModel): (work: Work, key: number) => number {
  if (component.kind === 'tool') {
    const durationMs = quantileFunction(component.durationMs);
    return (work, key) => durationMs(key, work);
  }
  const alone = { ...component.copy, maxSequences: 1 };
  return (work) => capacityOf(alone, work).points[0]!.latencyMs;
}
