import { Engine } from '../../core/run/index.ts';
import type { Prepare } from './adapter.ts';
import { answerJob, calling, clock } from './compound-agents.ts';

/** Every node a call, around which there is nothing. */
export const prepare: Prepare = (dag) => {
  const agent = calling(dag, {});
  const engine = new Engine({ caller: ({ input }) => answerJob(input), clock, random: Math.random });
  return async () => (await engine.run(agent, undefined)).output;
};
