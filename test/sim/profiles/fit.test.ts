import { randomStream } from '../../../sim/kernel/random';
import { type EngineLimits, type FittedProfile, fitProfile } from '../../../sim/profiles/fit';
import { replay, type ServedRequest } from '../../../sim/profiles/replay';
import type { CopyProfile } from '../../../sim/serving/copy-profile';

const LIMITS: EngineLimits = { maxSequences: 32, maxStepTokens: 1024, kvCacheTokens: Infinity };
const COPY: CopyProfile = {
  stepSeconds: { base: 0.015, perPromptToken: 8e-5, perSequence: 3e-4, perContextToken: 2e-7 },
  ...LIMITS,
};

/** What the copy logs, step by step, of ten requests at each of these mean gaps between them. */
function logOf(gapsMs: readonly number[]): ServedRequest[] {
  const random = randomStream(7, 'log', 'requests');
  let arrivalMs = 0;
  const requests = gapsMs
    .flatMap((gapMs) => Array<number>(10).fill(gapMs))
    .map((gapMs) => {
      arrivalMs += -gapMs * Math.log(1 - random.uniform());
      return {
        arrivalMs,
        promptTokens: Math.ceil(1500 * random.uniform()),
        outputTokens: 1 + Math.ceil(300 * random.uniform()),
      };
    });
  return replay(requests, COPY, 'iteration').map((latencies, i) => ({ ...requests[i]!, ...latencies }));
}

describe('a log of varied load', () => {
  const log = logOf([4000, 800, 60, 4000, 800, 60]);
  const losses: number[] = [];
  let fitted: FittedProfile;

  beforeAll(() => {
    fitted = fitProfile(log, LIMITS, (replays, leastLoss) => {
      losses.push(leastLoss);
      expect(replays).toBe(losses.length);
    });
  });

  test('gives back the constants of the copy', () => {
    const { base, perPromptToken } = COPY.stepSeconds;
    expect(Math.abs(fitted.copy.stepSeconds.base / base - 1)).toBeLessThan(0.05);
    expect(Math.abs(fitted.copy.stepSeconds.perPromptToken / perPromptToken - 1)).toBeLessThan(0.1);
    expect(fitted.copy).toMatchObject(LIMITS);
  });

  test('predicts the half that it has not seen', () => {
    expect([fitted.training.requests, fitted.heldBack.requests]).toEqual([30, 30]);
    expect(Math.abs(fitted.heldBack.endToEnd.p95)).toBeLessThan(0.03);
    expect(fitted.heldBack.endToEnd.mape).toBeLessThan(0.02);
  });

  test('gives the same profile whatever the times of the half that is held back', () => {
    const otherTimes = log.map((request, i) => (i < 30 ? request : { ...request, doneMs: 3 * request.doneMs }));
    const other = fitProfile(otherTimes, LIMITS);
    expect(other.copy).toEqual(fitted.copy);
    expect(other.heldBack.endToEnd.mape).toBeGreaterThan(0.6);
    expect(other.warnings.join()).toContain('requests of the held-back half are missed by 67 % on average');
  });

  test('tells on the way how far the fit is', () => {
    expect(losses).toHaveLength(fitted.replays);
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
  });
});

test('too few requests are refused', () => {
  expect(() => fitProfile(logOf([100, 100]).slice(0, 19), LIMITS)).toThrow('a fit needs at least 20 requests, got: 19');
});

test('a log of single tokens is refused: it shows no decoding', () => {
  const log = logOf([100, 100]).map((request) => ({ ...request, outputTokens: 1, doneMs: request.firstTokenMs }));
  expect(() => fitProfile(log, LIMITS)).toThrow('a fit needs requests with more than 1 token of output');
});
