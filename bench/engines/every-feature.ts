import { Engine, type RunEvent } from '../../core/run/index.ts';
import { planning } from '../../core/run/planning/index.ts';
import { callPolicies } from '../../core/run/policies.ts';
import type { Run } from './adapter.ts';
import { type Agent, answerJob, clock } from './compound-agents.ts';

/** Runs an agent with all that an engine and a run can be given, none of which has anything to do. */
export function withEveryFeature(agent: Agent): Run {
  let finished = 0;
  const engine = new Engine({
    caller: ({ input }) => answerJob(input),
    clock,
    random: Math.random,
    policies: callPolicies(),
    planning: planning(),
  });
  const options = {
    deadlineMs: 600_000,
    signal: new AbortController().signal,
    budgetUsd: 1,
    tenant: 'bench',
    work: 'interactive',
    onEvent: ({ type }: RunEvent) => {
      if (type === 'node.finished') finished++;
    },
  } as const;
  const nodes = agent.definition.nodes.length;
  return async () => {
    finished = 0;
    const { output } = await engine.run(agent, undefined, options);
    if (finished !== nodes) throw new Error(`${finished} nodes were told to have finished, expected: ${nodes}`);
    return output;
  };
}
