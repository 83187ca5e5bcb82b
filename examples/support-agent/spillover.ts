import type { SpilloverRules } from 'cdk-compound-inference/graph';
import { RECOMMENDED_POLICIES } from 'cdk-compound-inference/graph';

/** When the writer's calls leave its own copies for Bedrock, here as on AWS. */
export const WRITER_SPILLOVER = {
  /** Of each process of the agent; beyond the concurrency of a copy its answers slow down noticeably. */
  when: { maxInFlight: 8 } satisfies SpilloverRules,
  breaker: RECOMMENDED_POLICIES.breaker,
};
