import { show } from '../../core/graph/show';
import type { CopyProfile } from '../serving/copy-profile';
import { type Check, from, optional, positive, record } from '../workload/checks';
import type { ReplayErrors } from './latency-errors';

/** A copy profile that says where it comes from: what `compound profile` writes. */
export interface MeasuredProfile {
  readonly schemaVersion: 1;
  readonly name: string;
  /** In a file, a `kvCacheTokens` of null stands for a size that is not known: copies never wait for cache. */
  readonly copy: CopyProfile;
  /** What the copy ran on; left out where that is not known. */
  readonly measuredOn?: MeasuredHardware;
  readonly provenance: Provenance;
}

export interface MeasuredHardware {
  /** `L4`; with its memory where it is sold with more than one: `A100-80GB`. */
  readonly accelerator: string;
  /** Of one copy. */
  readonly accelerators: number;
}

export interface Provenance {
  /** What was measured and by whom: a file, or a citation. */
  readonly source: string;
  /** Which part of the source the constants come from, and how. */
  readonly fittedOn: string;
  /** Left out where the source has no requests, only times of steps. */
  readonly training?: ReplayErrors;
  readonly heldBack?: ReplayErrors;
  /** What the source could not tell. */
  readonly warnings: readonly string[];
}

/** A profile file that cannot be used, with everything that is wrong with it. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError';

  constructor(
    file: string,
    readonly faults: readonly string[],
  ) {
    super(`${file} is no copy profile:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
}

const count: Check = function* (at, value) {
  if (!Number.isSafeInteger(value) || (value as number) < 1) {
    yield `${at} must be a whole number from 1, got: ${show(value)}`;
  }
};

const text: Check = function* (at, value) {
  if (typeof value !== 'string' || value === '') yield `${at} must be a text, got: ${show(value)}`;
};

const latencyErrors = record({ mape: from(0), p50: from(-1), p95: from(-1), p99: from(-1) });
const replayErrors = optional(record({ requests: count, endToEnd: latencyErrors, firstToken: latencyErrors }));

const profile = record({
  schemaVersion: function* (at, value) {
    if (value !== 1) yield `${at} must be 1, got: ${show(value)}; fit the profile again with this version`;
  },
  name: text,
  copy: record({
    stepSeconds: record({
      base: positive,
      perPromptToken: from(0),
      perSequence: from(0),
      perContextToken: from(0),
    }),
    maxSequences: count,
    maxStepTokens: count,
    kvCacheTokens: (at, value) => (value === null ? [] : count(at, value)),
  }),
  measuredOn: optional(record({ accelerator: text, accelerators: count })),
  provenance: record({
    source: text,
    fittedOn: text,
    training: replayErrors,
    heldBack: replayErrors,
    warnings: function* (at, value) {
      if (!Array.isArray(value)) return yield `${at} must be a list of texts, got: ${show(value)}`;
      for (const [i, warning] of value.entries()) yield* text(`${at}[${i}]`, warning);
    },
  }),
});

/** The text of a profile file. */
export function formatProfile(measured: MeasuredProfile): string {
  const { kvCacheTokens } = measured.copy;
  const copy = { ...measured.copy, kvCacheTokens: kvCacheTokens === Infinity ? null : kvCacheTokens };
  return `${JSON.stringify({ ...measured, copy }, null, 2)}\n`;
}

/**
 * Reads the text of a profile file.
 *
 * @param file how errors name it
 * @throws ProfileError that lists every fault
 */
export function parseProfile(text: string, file: string): MeasuredProfile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ProfileError(file, [`is not JSON (${(error as Error).message})`]);
  }
  const faults = [...profile('profile', value)];
  if (faults.length > 0) throw new ProfileError(file, faults);

  const measured = value as MeasuredProfile;
  const { maxSequences, maxStepTokens } = measured.copy;
  if (maxStepTokens < maxSequences) {
    const rule = `must be at least maxSequences ${maxSequences}, for each sequence decodes a token per step`;
    throw new ProfileError(file, [`profile.copy.maxStepTokens ${rule}, got: ${maxStepTokens}`]);
  }
  return { ...measured, copy: { ...measured.copy, kvCacheTokens: measured.copy.kvCacheTokens ?? Infinity } };
}
