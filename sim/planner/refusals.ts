import type { BestPossible } from './best-possible';
import { PlanError } from './plan-error';
import type { PlannedSystem } from './planned-system';
import type { Candidate } from './search';

/** Fewer have no P95 worth the name. */
const LEAST_REQUESTS = 40;

/** @throws PlanError if a part of the workload has too few requests */
export function assertEnough(requests: number, part: 'the whole' | 'one'): void {
  if (requests >= LEAST_REQUESTS) return;
  throw new PlanError(
    `each half of the workload needs at least ${LEAST_REQUESTS} requests after its first tenth, and ${part} has ${requests}: take a longer one`,
  );
}

/** An objective that says nothing: what takes longer than the graph lets it has failed. */
export function beyondTimeout({ agent, objective }: PlannedSystem): PlanError {
  return new PlanError(
    `a P95 of ${seconds(objective.p95Ms)} is longer than the timeout of the graph, ${seconds(agent.timeoutMs)}, and what takes longer ` +
      'than that has failed: lower --objective, or raise the timeout of the graph',
  );
}

/** An objective that not even warm copies for every request meet. */
export function impossible({ objective }: PlannedSystem, { p95Ms, offer, slowest }: BestPossible): PlanError {
  return new PlanError(
    `no deployment reaches a P95 of ${seconds(objective.p95Ms)}: with a warm copy for every request it is ${seconds(p95Ms)} on ` +
      `${offer.type}, of which ${slowest.component} takes ${seconds(slowest.takesMs)}: raise --objective, shorten what ` +
      `${slowest.component} is asked, or give it a faster profile`,
  );
}

/** One that they would meet, but none of the copies that were tried. */
export function tooHard(
  { agent, objective }: PlannedSystem,
  candidates: readonly Candidate[],
  { p95Ms, slowest }: BestPossible,
): PlanError {
  const reached = Math.min(...candidates.map(({ result }) => result.p95Ms));
  const failed = Math.min(...candidates.map(({ result }) => result.errorShare));
  const tried = `no deployment that was tried reaches a P95 of ${seconds(objective.p95Ms)}`;
  const warm = `with a warm copy for every request it would be ${seconds(p95Ms)}`;
  if (reached < Infinity) {
    return new PlanError(
      `${tried}: the best has ${seconds(reached)}, and ${warm}, of which ${slowest.component} takes ${seconds(slowest.takesMs)}: ` +
        'raise --objective',
    );
  }
  // Copies for many times the peak of ten minutes were tried.
  return new PlanError(
    `${tried}: in the best ${(100 * failed).toPrecision(2)} % of the requests fail, as they take longer than the timeout of the graph, ` +
      `${seconds(agent.timeoutMs)}, though ${warm}: the load comes in bursts that copies do not catch: ` +
      'raise that timeout and --objective, or spread the load',
  );
}

const seconds = (ms: number) => `${(ms / 1000).toPrecision(3)} s`;
