import fc from 'fast-check';
import { componentColdStart, learnColdStart, NO_KNOWLEDGE, quantileMs } from '../../../core/warm';
import { normalQuantile } from '../../../core/warm/normal';

const DAY_MS = 86_400_000;

test('an unmeasured cold start takes what its path typically takes', () => {
  const medianMs = (path: 'cached-instance' | 'new-instance') =>
    quantileMs(componentColdStart(NO_KNOWLEDGE, 'writer', path, 0), 0.5);
  expect(medianMs('new-instance')).toBeCloseTo(525_000);
  expect(medianMs('cached-instance')).toBeCloseTo(60_000);
});

test('measured cold starts outweigh the typical one', () => {
  const durations = fc.array(fc.integer({ min: 20_000, max: 40_000 }), { minLength: 200, maxLength: 300 });
  fc.assert(
    fc.property(durations, (seenMs) => {
      let knowledge = NO_KNOWLEDGE;
      for (const ms of seenMs) knowledge = learnColdStart(knowledge, 'writer', 'new-instance', ms, 0);
      const learned = componentColdStart(knowledge, 'writer', 'new-instance', 0);
      const geometricMean = Math.exp(seenMs.reduce((sum, ms) => sum + Math.log(ms), 0) / seenMs.length);
      expect(quantileMs(learned, 0.5) / geometricMean).toBeCloseTo(1, 1);
      expect(quantileMs(learned, 0.9)).toBeGreaterThan(quantileMs(learned, 0.5));
    }),
    { numRuns: 20 },
  );
});

test('what was measured long ago is forgotten', () => {
  const knowledge = learnColdStart(NO_KNOWLEDGE, 'writer', 'imported-model', 1_000, 0);
  const later = componentColdStart(knowledge, 'writer', 'imported-model', 60 * DAY_MS);
  expect(quantileMs(later, 0.5)).toBeCloseTo(60_000, -1);
});

test('each path of each component is learned by itself', () => {
  const knowledge = learnColdStart(NO_KNOWLEDGE, 'writer', 'new-instance', 1_000, 0);
  for (const [component, path] of [['writer', 'cached-instance'] as const, ['planner', 'new-instance'] as const]) {
    expect(componentColdStart(knowledge, component, path, 0)).toEqual(
      componentColdStart(NO_KNOWLEDGE, component, path, 0),
    );
  }
});

test.each([
  [0.5, 0],
  [0.9, 1.2815515655446004],
  [0.95, 1.6448536269514722],
  [0.02, -2.053748910631823],
  [0.999, 3.090232306167813],
])('the normal quantile %p is %p', (p, z) => {
  expect(normalQuantile(p)).toBeCloseTo(z, 7);
});
