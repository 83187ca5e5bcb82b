import type { Planning } from '../plan-site';
import { PlannedRun } from './planned-run';

export type { Planning, PlanRun, PlanSite } from '../plan-site';
export { planInstructions, planSchema } from './instructions';
export { PlanError } from './planned-run';

/** What an engine needs for graphs with plans. */
export function planning(): Planning {
  return { begin: (site) => new PlannedRun(site) };
}
