import type { AgentModel } from '../agent/agent-model';
import type { AgentPlan } from '../agent/agent-plan';
import type { RunObserver } from '../agent/agent-runs';
import type { Timeline } from '../kernel/timeline';
import type { RequestList } from '../workload/request-list';
import type { World } from '../world/world';
import type { WorldModel } from '../world/world-model';

/** What a policy sees of a run, and acts on. */
export interface PolicyContext {
  readonly timeline: Timeline;
  readonly world: World;
  readonly worldModel: WorldModel;
  readonly agent: AgentModel;
  /** The agent as it runs: in sequence if it does. */
  readonly plan: AgentPlan;
  /** Components by the positions that observers are told. */
  readonly components: readonly string[];
  readonly objective: { readonly p95Ms: number };
  /** Only a clairvoyant looks at those to come. */
  readonly requests: RequestList;
  readonly seed: number;
}

/** Installs itself on a world: asks for events of the timeline, watches runs, and moves the levers of the autoscalers. */
export type Policy = (context: PolicyContext) => RunObserver;
