import { RECOMMENDED_POLICIES } from '../../core/graph/index.ts';
import type { Prepare } from './adapter.ts';
import { calling } from './compound-agents.ts';
import { withEveryFeature } from './every-feature.ts';

/** Every node a call behind a hedge, a breaker and single flight. */
export const prepare: Prepare = (dag) =>
  withEveryFeature(calling(dag, { ...RECOMMENDED_POLICIES, singleFlight: true }));
