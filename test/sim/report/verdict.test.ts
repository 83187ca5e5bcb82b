import type { Comparison, ExperimentResult } from '../../../sim/experiment/result';
import { verdictOf } from '../../../sim/report/verdict';
import { experimentFixture } from './experiment-fixture';

const RESULT = experimentFixture({ points: 2 });

const primary = (name: string, low: number, high: number, bySeed = [low, (low + high) / 2, high]): Comparison => ({
  name,
  isPrimary: true,
  of: 'modular',
  against: 'static',
  change: { mean: (low + high) / 2, low, high },
  statistic: 'mean',
  isBounded: bySeed.length > 1,
  unreached: { of: 0, against: 0 },
  unequal: null,
  winner: bySeed.length < 2 ? null : high < 0 ? 'modular' : low > 0 ? 'static' : null,
  bySeed,
  pValue: 0.01,
  mechanism: '',
});

const given = (...comparisons: Comparison[]): ExperimentResult => ({ ...RESULT, comparisons });

test.each<{ headline: string; p95: [number, number]; cost: [number, number] }>([
  { headline: 'Autoscaled wins both primary endpoints', p95: [-0.5, -0.3], cost: [-0.4, -0.2] },
  { headline: 'Static wins both primary endpoints', p95: [0.1, 0.3], cost: [0.2, 0.4] },
  { headline: 'Autoscaled wins P95; static wins cost', p95: [-0.5, -0.3], cost: [0.2, 0.4] },
  { headline: 'P95 is undecided; autoscaled wins cost', p95: [-0.1, 0.3], cost: [-0.4, -0.2] },
  { headline: 'Neither side wins: both primary endpoints are undecided', p95: [-0.1, 0.1], cost: [-0.1, 0.1] },
])('$headline', ({ headline, p95, cost }) => {
  expect(verdictOf(given(primary('P95', ...p95), primary('cost', ...cost))).headline).toBe(headline);
});

test('without a primary endpoint there is nothing to win', () => {
  expect(verdictOf(given()).headline).toBe('This run compares no primary endpoint');
});

test('a finding says the change, its interval, the median and the range of the seeds', () => {
  const [finding] = verdictOf(given(primary('P95 at equal spend', -0.5, -0.3, [-0.55, -0.42, -0.2]))).findings;

  expect(finding!.sentence.replaceAll('\u00A0', ' ')).toBe(
    'P95 at equal spend: 40.0 % lower with modular than with static (95 % interval 30.0 % to 50.0 % lower; ' +
      'median of 3 seeds 42.0 % lower, seeds 20.0 % to 55.0 % lower); modular wins.',
  );
});

test('an interval across no change names both directions', () => {
  const [finding] = verdictOf(given(primary('cost', -0.04, 0.06))).findings;

  expect(finding!.comparison.winner).toBeNull();
  expect(finding!.sentence.replaceAll('\u00A0', ' ')).toContain('interval 4.0 % lower to 6.0 % higher');
});

test('one seed decides nothing', () => {
  const [finding] = verdictOf(given(primary('cost', -0.4, -0.4, [-0.4]))).findings;

  expect(finding!.comparison.winner).toBeNull();
  expect(finding!.sentence).toContain('(one seed, no interval); too little to tell who wins');
});

test('at equal objective nobody wins where a side misses it, and the headline says which', () => {
  const cost = primary('cost at equal objective', -0.4, -0.2);
  const late = { ...cost, unequal: 'modular misses the objective', winner: null };
  const { headline, findings } = verdictOf(given(late, primary('P95', -0.5, -0.3)));

  expect(headline).toBe('Nobody wins cost at equal objective, as modular misses the objective; autoscaled wins P95');
  expect(findings[0]!.sentence).toMatch(/; modular misses the objective, so neither wins\.$/);
  const both = { ...late, unequal: 'modular and static miss the objective' };
  expect(verdictOf(given(both, primary('P95', -0.1, 0.1))).headline).toBe(
    'Nobody wins cost at equal objective, as modular and static miss the objective; P95 is undecided',
  );
});

test('seeds without a P95 are told with the median, and a side without any loses without a number', () => {
  const some = { ...primary('P95', -0.5, -0.3, [-0.5, -1, -0.3]), unreached: { of: 0, against: 1 } };
  expect(verdictOf(given(some)).findings[0]!.sentence).toContain(
    '; static has no P95 in 1 of 3 seeds; the change is the median by ranks, which leaves none out; modular wins.',
  );
  const none = {
    ...some,
    change: null,
    bySeed: [null, null, null],
    unreached: { of: 3, against: 0 },
    winner: 'static',
  };
  expect(verdictOf(given(none)).findings[0]!.sentence).toBe(
    'P95: no number says how much, as too many requests failed; modular has no P95 in 3 of 3 seeds; ' +
      'the change is the median by ranks, which leaves none out; static wins.',
  );
});

test('the objective names the cheapest cell that meets it, and how much of those compared ends in time', () => {
  const { objective } = verdictOf(RESULT);
  expect(objective).toMatch(/^13 of 20 cells .* is clairvoyant at \$2,5\d\d\. In time: static\+parallel 96\.\d/);
  const late = RESULT.cells.map((cell) => ({ ...cell, attainment: { mean: 0.94, low: 0.9, high: 0.98 } }));
  expect(verdictOf({ ...RESULT, cells: late, comparisons: [] }).objective).toBe(
    '0 of 20 cells end at least 95\u00A0% of their requests within the objective of 8\u00A0s.',
  );
});

test('few seeds, broken conditions and runs without a P95 call for caution', () => {
  const small = experimentFixture({ seeds: 3, cells: 2, points: 2 });
  const rows = small.rows.map((row, i) => (i === 0 ? { ...row, p95Ms: null } : row));
  const conditions = [...small.conditions, { name: 'warm start', value: 'static only', holds: false }];

  const { headline, cautions } = verdictOf({ ...small, rows, conditions });
  expect(headline).toBe('No verdict: not every condition is matched');
  expect(cautions.map((caution) => caution.slice(0, 40))).toEqual([
    'The two sides do not share every conditi',
    '3 seeds: a quick look. A result to publi',
    '1 of 6 runs never reached their P95, bec',
  ]);
  expect(verdictOf(RESULT).cautions).toEqual([]);
});
