import type { LivePolicy } from './policy-watch';

/** A write of a component's policy that competes for the one write of a tick. */
export type Candidate = RestoreCandidate | StepCandidate;

export interface RestoreCandidate {
  readonly kind: 'restore';
  readonly policy: LivePolicy;
  readonly reasons: readonly string[];
}

export interface StepCandidate {
  readonly kind: 'lower' | 'raise';
  readonly to: number;
  /** Comparable within a kind; the largest goes first. */
  readonly score: number;
  readonly reasons: readonly string[];
}

const URGENCY = { restore: 2, lower: 1, raise: 0 } as const;

/** The candidate to act on: what went wrong first, then safety, then savings. */
export function chooseCandidate<C extends { readonly candidate: Candidate }>(candidates: readonly C[]): C | undefined {
  return candidates.reduce<C | undefined>(
    (best, next) => (best === undefined || isBefore(next.candidate, best.candidate) ? next : best),
    undefined,
  );
}

function isBefore(a: Candidate, b: Candidate): boolean {
  if (a.kind !== b.kind) return URGENCY[a.kind] > URGENCY[b.kind];
  return a.kind !== 'restore' && b.kind !== 'restore' && a.score > b.score;
}
