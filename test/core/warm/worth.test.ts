import fc from 'fast-check';
import { MINUTE_MS } from '../../../core/time-units';
import {
  type ColdStart,
  type ComponentCosts,
  type CostRule,
  meanMs,
  quantileMs,
  type Wish,
  worthOfWarming,
} from '../../../core/warm';
import { chance } from './support/graphs';

const AT_ONCE = { reactionMs: 0, idlesMs: 0, staysMs: 0 };
const COLD_START: ColdStart = { meanLog: Math.log(5 * MINUTE_MS), sdLog: 0.34, ...AT_ONCE };
const COSTS: ComponentCosts = { pricePerHourUsd: 1.4 };

function wishOf(probability: number, ...arrivalsAtMs: number[]): Wish {
  return { request: 'r', component: 'writer', probability, arrivalsAtMs };
}

function worthOf(wishes: readonly Wish[], costs = COSTS, rule: CostRule = 'marginal') {
  return worthOfWarming(wishes, COLD_START, costs, 2 * MINUTE_MS, rule, 0);
}

const setting = fc.record({
  arrivalsAtMs: fc
    .array(fc.integer({ min: 0, max: 120 * MINUTE_MS }), { minLength: 1, maxLength: 8 })
    .map((times) => times.sort((a, b) => a - b)),
  probability: chance,
  penalty: fc.integer({ min: 1, max: 1_000 }),
  rule: fc.constantFrom<CostRule>('marginal', 'full'),
});

test('a longer or dearer wait never turns warming into not warming', () => {
  fc.assert(
    fc.property(setting, fc.integer({ min: 1, max: 10 }), ({ arrivalsAtMs, probability, penalty, rule }, factor) => {
      const at = (delayPenaltyFactor: number) =>
        worthOf([wishOf(probability, ...arrivalsAtMs)], { ...COSTS, delayPenaltyFactor }, rule);
      const [less, more] = [at(penalty), at(penalty * factor)];
      if (less.isWorthIt) expect(more.isWorthIt).toBe(true);
      expect(more.startInMs).toBeLessThanOrEqual(less.startInMs);
    }),
  );
});

test('a likelier call never turns warming into not warming', () => {
  fc.assert(
    fc.property(setting, chance, ({ arrivalsAtMs, probability, rule }, more) => {
      const likelier = probability + more * (1 - probability);
      const at = (p: number) => worthOf([wishOf(p, ...arrivalsAtMs)], COSTS, rule);
      if (at(probability).isWorthIt) expect(at(likelier).isWorthIt).toBe(true);
    }),
  );
});

test('a dearer start never turns not warming into warming', () => {
  fc.assert(
    fc.property(
      setting,
      fc.integer({ min: 1, max: 1_000 }).map((milliUsd) => milliUsd / 1_000),
      ({ arrivalsAtMs, probability, rule }, usd) => {
        const wish = wishOf(probability, ...arrivalsAtMs);
        const [cheap, dear] = [worthOf([wish], COSTS, rule), worthOf([wish], { ...COSTS, minimumBillUsd: usd }, rule)];
        if (dear.isWorthIt) expect(cheap.isWorthIt).toBe(true);
      },
    ),
  );
});

test.each([
  { name: 'a likely call in a minute', wish: wishOf(0.9, MINUTE_MS), isWorthIt: true },
  { name: 'a call that is here already, which waits all the same', wish: wishOf(1, 0), isWorthIt: false },
  { name: 'a call that hardly ever comes', wish: wishOf(0.001, MINUTE_MS), isWorthIt: false },
])('warming for $name: $isWorthIt', ({ wish, isWorthIt }) => {
  expect(worthOf([wish]).isWorthIt).toBe(isWorthIt);
});

test('the wait that is saved is the time until the call, or the cold start if that is shorter', () => {
  const fixed: ColdStart = { ...COLD_START, sdLog: 0 };
  const benefit = (...minutes: number[]) => {
    const wishes = minutes.map((m, i) => ({ ...wishOf(0.5, m * MINUTE_MS), request: `r${i}` }));
    return worthOfWarming(wishes, fixed, { ...COSTS, delayPenaltyFactor: 60 / COSTS.pricePerHourUsd }, 0, 'full', 0)
      .benefitUsd;
  };
  expect(benefit(2)).toBeCloseTo(1);
  expect(benefit(20)).toBeCloseTo(2.5);
  expect(benefit(2, 20)).toBeCloseTo(3.5);
});

test('a call that is here already is worth a start where an alarm would have to notice it', () => {
  const slowToStart: ColdStart = { ...COLD_START, reactionMs: MINUTE_MS };
  expect(worthOfWarming([wishOf(1, 0)], slowToStart, COSTS, 0, 'marginal', 0).isWorthIt).toBe(true);
});

test('a start waits for a call that is far away, and is planned so that it is seldom late', () => {
  expect(worthOf([wishOf(1, 60 * MINUTE_MS)]).startInMs).toBeCloseTo(
    60 * MINUTE_MS - 5 * MINUTE_MS * Math.exp(0.34 * 1.2815515655),
    -1,
  );
  expect(worthOf([wishOf(1, MINUTE_MS)]).startInMs).toBe(0);
});

test('what is saved is the mean over all pairs of a call and one of eight cold starts', () => {
  const startsMs = Array.from({ length: 8 }, (_, i) => quantileMs(COLD_START, (i + 0.5) / 8));
  fc.assert(
    fc.property(setting, ({ arrivalsAtMs, probability }) => {
      const pairs = arrivalsAtMs.flatMap((atMs) => startsMs.map((startMs) => Math.min(atMs, startMs)));
      const savedMs = (probability * pairs.reduce((sum, ms) => sum + ms, 0)) / pairs.length;
      const { benefitUsd } = worthOf([wishOf(probability, ...arrivalsAtMs)], { ...COSTS, delayPenaltyFactor: 1 });
      expect(benefitUsd).toBeCloseTo((savedMs * COSTS.pricePerHourUsd) / (60 * MINUTE_MS), 9);
    }),
  );
});

/** A cold start of which one in ten takes much longer than the mean would say. */
const SPREAD: ColdStart = { meanLog: Math.log(MINUTE_MS), sdLog: 3, ...AT_ONCE };

/** A copy that is there for longer than it is kept, and leaves an instance behind. */
const LINGERING: ColdStart = { ...COLD_START, idlesMs: 60 * MINUTE_MS, staysMs: 10 * MINUTE_MS };

test.each([
  { name: 'a start that takes about as long as a copy is kept', coldStart: COLD_START },
  { name: 'a start that may take far longer', coldStart: SPREAD },
  { name: 'a copy that does not go as soon as nobody keeps it', coldStart: LINGERING },
])('$name costs what is paid, called or not, and by the marginal rule only what warming adds', ({ coldStart }) => {
  const nowMs = 60 * MINUTE_MS;
  const startsMs = Array.from({ length: 8 }, (_, i) => quantileMs(coldStart, (i + 0.5) / 8));
  const afterMs = [0, 10, 20, 40].map((minutes) => minutes * MINUTE_MS);
  const wish = wishOf(0.5, ...afterMs.map((ms) => nowMs + ms));
  const costs = { ...COSTS, minimumBillUsd: 0.1 };
  const graceMs = 2 * MINUTE_MS;
  const [full, marginal] = (['full', 'marginal'] as const).map((rule) =>
    worthOfWarming([wish], coldStart, costs, graceMs, rule, nowMs),
  );

  const keptMs = Math.max(quantileMs(coldStart, 0.9), 40 * MINUTE_MS) + graceMs;
  expect(full!.keepForMs).toBeCloseTo(keptMs, 6);
  const paidMs = Math.max(keptMs, meanMs(coldStart) + coldStart.idlesMs) + coldStart.staysMs;
  expect(full!.paidMs).toBeCloseTo(paidMs, 6);
  const fullUsd = (1.4 * paidMs) / (60 * MINUTE_MS) + 0.1;
  expect(full!.costUsd).toBeCloseTo(fullUsd, 9);
  const earlyMs = afterMs.flatMap((ms) => startsMs.map((startMs) => Math.max(0, ms - startMs)));
  const meanEarlyMs = earlyMs.reduce((sum, ms) => sum + ms, 0) / earlyMs.length;
  expect(marginal!.costUsd).toBeCloseTo((0.5 * 1.4 * meanEarlyMs) / (60 * MINUTE_MS) + 0.5 * fullUsd, 9);

  const savedMs = afterMs.flatMap((ms) => startsMs.map((startMs) => Math.min(ms, startMs)));
  const meanSavedMs = savedMs.reduce((sum, ms) => sum + ms, 0) / savedMs.length;
  expect(marginal!.benefitUsd).toBeCloseTo((0.5 * 70 * meanSavedMs) / (60 * MINUTE_MS), 9);
});

test('where waiting costs as much as a copy, a start aims at the median of the calls', () => {
  const costs = { ...COSTS, delayPenaltyFactor: 1 };
  const hours = [1, 2, 3, 4, 5].map((hour) => hour * 60 * MINUTE_MS);
  const { startInMs } = worthOf([wishOf(1, ...hours)], costs);
  expect(startInMs).toBeCloseTo(3 * 60 * MINUTE_MS - quantileMs(COLD_START, 0.9), 6);
});
