import type { Prepare } from './adapter.ts';
import { computing } from './compound-agents.ts';
import { withEveryFeature } from './every-feature.ts';

export const prepare: Prepare = (dag) => withEveryFeature(computing(dag));
