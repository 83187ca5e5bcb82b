import type { AgentModel } from '../agent/agent-model';
import { DAY_US } from '../kernel/time-units';
import type { SyntheticWorkload } from '../workload/synthetic';
import type { WorldModel } from '../world/world-model';

/** What is compared: one agent, its components as they scale, and the load that both sides get. Plain JSON. */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  readonly agent: AgentModel;
  readonly world: WorldModel;
  readonly workload: SyntheticWorkload;
  /** On the 95th percentile of the end-to-end latency; a failed request misses it. */
  readonly objective: { readonly p95Ms: number };
  /** Both sides are sized or tuned on the first days, and scored on the rest. */
  readonly trainingDays: number;
}

/** When the training span ends and scores begin. */
export function trainingUs({ trainingDays }: Pick<Scenario, 'trainingDays'>): number {
  return Math.round(trainingDays * DAY_US);
}
