import { HOUR_MS } from '../../time-units';
import { MIN_SAMPLES } from '../p95-verdict';

/** What became of the whole runs of one agent in a time. */
export interface RunsSeen {
  /** Those that ended, failed ones included. */
  readonly runs: number;
  /** Of them, those beyond the objective; failed ones are. */
  readonly late: number;
  /** Of them, those that waited for a copy to start. */
  readonly cold: number;
  /** Time that calls waited for copies to start, by component. */
  readonly coldMs: Readonly<Record<string, number>>;
}

/** What became of runs lately, over two spans: the short one tells of a change soon, the long one tells for certain. */
export interface RunEvidence {
  readonly short: RunsSeen;
  readonly long: RunsSeen;
}

/** Whether the P95 of whole runs is beyond its objective or within it; neither while its band holds the objective. */
export type RunVerdict = 'missed' | 'met' | 'open';

const SHORT_MS = 12 * HOUR_MS;
const LONG_MS = 7 * 24 * HOUR_MS;

const NO_RUNS: RunsSeen = { runs: 0, late: 0, cold: 0, coldMs: {} };

export const NO_EVIDENCE: RunEvidence = { short: NO_RUNS, long: NO_RUNS };

/** What a P95 objective allows. */
const ALLOWED_SHARE = 0.05;

/** It is looked at every minute: a band of 95 % would often be left by chance. */
const BAND_Z = 3;

/** @param sinceMs time since what is known was last added to: it fades meanwhile */
export function addRuns({ short, long }: RunEvidence, seen: RunsSeen, sinceMs: number): RunEvidence {
  return {
    short: sumOf(short, Math.exp(-sinceMs / SHORT_MS), seen),
    long: sumOf(long, Math.exp(-sinceMs / LONG_MS), seen),
  };
}

function sumOf(known: RunsSeen, kept: number, seen: RunsSeen): RunsSeen {
  const components = new Set([...Object.keys(known.coldMs), ...Object.keys(seen.coldMs)]);
  const coldMs = [...components].map((name) => [name, kept * (known.coldMs[name] ?? 0) + (seen.coldMs[name] ?? 0)]);
  return {
    runs: kept * known.runs + seen.runs,
    late: kept * known.late + seen.late,
    cold: kept * known.cold + seen.cold,
    coldMs: Object.fromEntries(coldMs),
  };
}

/**
 * Judges the P95 by counts: it is beyond the objective where more than one run in twenty is, and its band lies there
 * where the band of that share does. Missed in either span, met in the long one.
 */
export function judgeRuns({ short, long }: RunEvidence): RunVerdict {
  if (bandOf(short).low > ALLOWED_SHARE || bandOf(long).low > ALLOWED_SHARE) return 'missed';
  return bandOf(long).high < ALLOWED_SHARE ? 'met' : 'open';
}

/** Where the share of late runs may lie: Wilson's interval, which holds for few late runs too (JASA 22, 1927). */
function bandOf({ runs, late }: RunsSeen): { readonly low: number; readonly high: number } {
  if (runs < MIN_SAMPLES) return { low: 0, high: 1 };
  const share = late / runs;
  const z2 = BAND_Z ** 2 / runs;
  const middle = share + z2 / 2;
  const half = BAND_Z * Math.sqrt((share * (1 - share)) / runs + z2 / runs / 4);
  return { low: (middle - half) / (1 + z2), high: (middle + half) / (1 + z2) };
}
