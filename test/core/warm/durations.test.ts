import fc from 'fast-check';
import { DAY_MS } from '../../../core/time-units';
import {
  COLD_START_PATHS,
  type ColdStartPath,
  componentColdStart,
  INSTANCE_STAYS_MS,
  learnColdStart,
  meanMs,
  NO_KNOWLEDGE,
  quantileMs,
} from '../../../core/warm';
import { normalQuantile } from '../../../core/warm/normal';

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

test.each<[ColdStartPath, number, number, number, number]>([
  ['cached-instance', 60_000, 60_000, 900_000, INSTANCE_STAYS_MS],
  ['uncached-instance', 137_000, 60_000, 900_000, INSTANCE_STAYS_MS],
  ['new-instance-cached-image', 258_000, 60_000, 900_000, INSTANCE_STAYS_MS],
  ['new-instance', 525_000, 60_000, 900_000, INSTANCE_STAYS_MS],
  ['imported-model', 60_000, 0, 0, 0],
  ['function', 500, 0, 0, 0],
])(
  'an unmeasured start on the path %s takes %d ms, is noticed after %d ms, idles for %d ms and leaves %d ms to pay',
  (path, ...ms) => {
    const start = componentColdStart(NO_KNOWLEDGE, 'writer', path, 0);
    expect([Math.round(quantileMs(start, 0.5)), start.reactionMs, start.idlesMs, start.staysMs]).toEqual(ms);
    expect(quantileMs(start, 0.9) / quantileMs(start, 0.5)).toBeGreaterThan(1.1);
    expect(COLD_START_PATHS).toContain(path);
  },
);

test('what is measured is pooled with three starts that are like the typical one', () => {
  const typical = componentColdStart(NO_KNOWLEDGE, 'writer', 'imported-model', 0);
  const measuredMs = fc.array(fc.integer({ min: 1_000, max: 900_000 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(measuredMs, (seenMs) => {
      let knowledge = NO_KNOWLEDGE;
      for (const ms of seenMs) knowledge = learnColdStart(knowledge, 'writer', 'imported-model', ms, 0);
      const { meanLog, sdLog } = componentColdStart(knowledge, 'writer', 'imported-model', 0);
      // Two that are equally far from the mean have its variance; three are weighed as such.
      const pool = [
        ...seenMs.map((ms) => ({ log: Math.log(ms), weight: 1 })),
        { log: typical.meanLog - typical.sdLog, weight: 1.5 },
        { log: typical.meanLog + typical.sdLog, weight: 1.5 },
      ];
      const mean = pool.reduce((sum, { log, weight }) => sum + weight * log, 0) / (seenMs.length + 3);
      const variance = pool.reduce((sum, { log, weight }) => sum + weight * (log - mean) ** 2, 0) / (seenMs.length + 3);
      expect(meanLog).toBeCloseTo(mean, 9);
      expect(sdLog).toBeCloseTo(Math.sqrt(variance), 9);
    }),
  );
});

test('a mean is that of the durations, which a few long ones raise above the median', () => {
  const distribution = { meanLog: Math.log(5_000), sdLog: 0.8 };
  const shares = Array.from({ length: 20_000 }, (_, i) => (i + 0.5) / 20_000);
  const sumMs = shares.reduce((sum, p) => sum + quantileMs(distribution, p), 0);
  expect(meanMs(distribution) / (sumMs / shares.length)).toBeCloseTo(1, 3);
});

test('a clock that is behind takes nothing back of what was measured', () => {
  const learned = learnColdStart(NO_KNOWLEDGE, 'writer', 'imported-model', 1_000, DAY_MS);
  const later = learnColdStart(learned, 'writer', 'imported-model', 1_000, 0);
  expect(later.coldStarts['writer/imported-model']).toMatchObject({ weight: 2, atMs: DAY_MS });
});
