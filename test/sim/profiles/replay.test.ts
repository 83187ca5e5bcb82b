import { type BatchLevel, replay } from '../../../sim/profiles/replay';
import type { CopyProfile } from '../../../sim/serving/copy-profile';

const PROFILE: CopyProfile = {
  stepSeconds: { base: 0.01, perPromptToken: 1e-4, perSequence: 1e-3, perContextToken: 0 },
  maxSequences: 1,
  maxStepTokens: 100,
  kvCacheTokens: Infinity,
};
const LEVELS: BatchLevel[] = ['fluid', 'iteration'];

test.each(LEVELS)('%s: latencies count from the arrival and come in the order of the requests', (level) => {
  const request = { promptTokens: 100, outputTokens: 11 };
  const [first, second, third] = replay(
    [
      { ...request, arrivalMs: 5000 },
      { ...request, arrivalMs: 5050 },
      { ...request, arrivalMs: 9000 },
    ],
    PROFILE,
    level,
  );
  // A prompt takes 20 ms and ten further tokens 110 ms; the second waits 80 ms for the first.
  expect(first!.doneMs).toBeCloseTo(130, 2);
  expect(second!.doneMs).toBeCloseTo(80 + 130, 2);
  expect(third!.doneMs).toBeCloseTo(130, 2);
  expect(second!.firstTokenMs - third!.firstTokenMs).toBeCloseTo(80, 2);
});

test.each(LEVELS)('%s: requests out of order are refused', (level) => {
  const request = { promptTokens: 1, outputTokens: 1 };
  const requests = [
    { ...request, arrivalMs: 10 },
    { ...request, arrivalMs: 9 },
  ];
  expect(() => replay(requests, PROFILE, level)).toThrow('requests must be in order of arrival, but request 1 comes');
});

test.each(LEVELS)('%s: an empty log has no latencies', (level) => {
  expect(replay([], PROFILE, level)).toEqual([]);
});
