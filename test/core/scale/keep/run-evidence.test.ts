import fc from 'fast-check';
import { addRuns, judgeRuns, NO_EVIDENCE, type RunsSeen } from '../../../../core/scale/keep/run-evidence';
import { HOUR_MS } from '../../../../core/time-units';

const seen = (runs: number, late: number, cold = 0): RunsSeen => ({
  runs,
  late,
  cold,
  coldMs: { writer: 1000 * cold },
});
const evidenceOf = (runs: number, late: number) => addRuns(NO_EVIDENCE, seen(runs, late), 0);

test('fewer than sixty runs tell nothing', () => {
  expect(judgeRuns(evidenceOf(59, 59))).toBe('open');
  expect(judgeRuns(evidenceOf(60, 60))).toBe('missed');
});

test.each([
  [1000, 80, 'missed'],
  [1000, 60, 'open'],
  [1000, 40, 'open'],
  [1000, 20, 'met'],
  [100, 0, 'open'],
  [300, 0, 'met'],
] as const)('of %d runs %d late: %s', (runs, late, verdict) => {
  expect(judgeRuns(evidenceOf(runs, late))).toBe(verdict);
});

test('a day of late runs counts soon after a good week, and not much longer than it lasted', () => {
  let evidence = NO_EVIDENCE;
  const hours = (count: number, late: number) => {
    for (let hour = 0; hour < count; hour++) evidence = addRuns(evidence, seen(100, late), HOUR_MS);
  };
  hours(7 * 24, 0);
  expect(judgeRuns(evidence)).toBe('met');
  hours(12, 15);
  expect(judgeRuns(evidence)).toBe('missed');
  hours(2 * 24, 0);
  expect(judgeRuns(evidence)).not.toBe('missed');
});

test('more late runs never make a verdict better', () => {
  const rank = { missed: 0, open: 1, met: 2 };
  fc.assert(
    fc.property(fc.nat(5000), fc.nat(5000), fc.nat(5000), (runs, a, b) => {
      const [few, many] = [Math.min(a, b, runs), Math.min(Math.max(a, b), runs)];
      expect(rank[judgeRuns(evidenceOf(runs, many))]).toBeLessThanOrEqual(rank[judgeRuns(evidenceOf(runs, few))]);
    }),
  );
});
