import fc from 'fast-check';
import { type ComponentObservation, NO_TUNER_STATE, type TunerState, tune } from '../../../../core/scale';
import { band, breach, configOf, MINUTE, observed, START, slack, writer } from './fixture';

const config = configOf({ writer });

/** What goes wrong with a component that would otherwise be changed at once. */
const faults: readonly (readonly [string, Partial<ComponentObservation>, string])[] = [
  ['NaN', { latency: { ...band(2000), p95Ms: NaN } }, 'latency.p95Ms is no amount: NaN'],
  [
    'slack in seconds',
    { slackEvidence: { windowMs: MINUTE, latency: band(0.3) } },
    'P95 0.3 ms is implausible beside an objective of 1000 ms: check its unit',
  ],
  [
    'a service time in milliseconds',
    { meanServiceSeconds: 1_000_000 },
    'a mean of 1000000 s is implausible beside a P95 of 2000 ms: check its unit',
  ],
  ['a share beyond one', { waitShare: 20 }, 'waitShare is above 1: 20'],
  ['a target of 0', { policy: { ...breach(START).policy, target: 0 } }, 'policy.target is 0'],
  [
    'more violations than requests',
    { outcomes: [{ startMs: START, requests: 1, violations: 2, rejects: 0 }] },
    'outcomes hold an impossible minute: {"startMs":1777852800000,"requests":1,"violations":2,"rejects":0}',
  ],
  ['metrics of eleven minutes ago', { measuredAtMs: START - 11 * MINUTE }, 'no metrics for 11 min'],
  ['metrics of tomorrow', { measuredAtMs: START + 61_000 }, 'metrics are from the future, 61 s ahead'],
  [
    'a P95 outside its band',
    { latency: { ...band(2000), lowMs: 2001 } },
    'the P95 lies outside its band: 2000 ms in [2001, 2040] ms',
  ],
  [
    'microseconds',
    { latency: band(2_000_000) },
    'P95 2000000 ms is implausible beside an objective of 1000 ms: check its unit',
  ],
  ['seconds', { latency: band(2) }, 'P95 2 ms is implausible beside an objective of 1000 ms: check its unit'],
];

test.each(faults)('%s cause no action and are not learned from', (_, wrong, fault) => {
  const { state, actions, reasons } = tune(NO_TUNER_STATE, { writer: breach(START, wrong) }, config, START);
  expect(actions).toEqual([]);
  expect(reasons).toEqual([`writer: ${fault}: nothing done`]);
  expect(state.components.writer!.fit.updates).toBe(0);
});

/** A component as it is: each copy works on so many calls at once, which take so long. */
const busy = fc.record({
  concurrencyPerCopy: fc.double({ min: 1, max: 60, noNaN: true }),
  inService: fc.integer({ min: 1, max: 20 }),
  meanServiceSeconds: fc.double({ min: 0.01, max: 60, noNaN: true }),
  p95OverMean: fc.double({ min: 1, max: 10, noNaN: true }),
});

test.each([
  ['latencies and service times in microseconds', { time: 1000, rate: 1, mean: 1 }],
  ['service times in milliseconds', { time: 1, rate: 1, mean: 1000 }],
  ['service times in minutes', { time: 1, rate: 1, mean: 60 }],
  ['requests a minute', { time: 1, rate: 60, mean: 1 }],
  ['requests an hour', { time: 1, rate: 3600, mean: 1 }],
])('%s cause no action, whatever the load', (_, { time, rate, mean }) => {
  fc.assert(
    fc.property(busy, ({ concurrencyPerCopy, inService, meanServiceSeconds, p95OverMean }) => {
      const wrong = breach(START, {
        concurrencyPerCopy,
        copies: { desired: inService, inService },
        latency: band(1000 * time * p95OverMean * meanServiceSeconds),
        meanServiceSeconds: time * mean * meanServiceSeconds,
        requestsPerSecond: (rate * concurrencyPerCopy * inService) / meanServiceSeconds,
      });
      const { actions } = tune(NO_TUNER_STATE, { writer: wrong }, config, START);
      expect(actions).toEqual([]);
    }),
  );
});

test('a burst of ten times the load, which no copy has seen yet, is no mistake', () => {
  const burst = { concurrencyPerCopy: 9, copies: { desired: 4, inService: 4 }, meanServiceSeconds: 1 };
  const { reasons } = tune(
    NO_TUNER_STATE,
    { writer: observed(START, { ...burst, requestsPerSecond: 360 }) },
    config,
    START,
  );
  expect(reasons.join()).not.toContain('implausible');
});

test('a component without metrics is left alone', () => {
  const { actions, reasons } = tune(NO_TUNER_STATE, {}, config, START);
  expect({ actions, reasons }).toEqual({ actions: [], reasons: ['writer: no metrics: nothing done'] });
});

test('metrics that are ten minutes old are just fresh enough', () => {
  const late = breach(START, { measuredAtMs: START - 10 * MINUTE });
  expect(tune(NO_TUNER_STATE, { writer: late }, config, START).actions).toHaveLength(1);
});

test('a stopped component keeps its state until its metrics come back', () => {
  const first = tune(NO_TUNER_STATE, { writer: breach(START) }, config, START);
  const later = tune(first.state, {}, config, START + MINUTE);
  expect(later.state.components).toEqual(first.state.components);
});

/** Something to act upon: a breach, slack, or neither, with arrivals and outcomes as they come. */
const sound = fc
  .record({
    observe: fc.constantFrom(breach, slack, observed),
    arrivals: fc.array(fc.nat(500), { minLength: 6, maxLength: 12 }),
    violations: fc.array(fc.nat(100), { minLength: 10, maxLength: 60 }),
    samples: fc.array(fc.double({ min: 0, max: 50, noNaN: true }), { minLength: 6, maxLength: 6 }),
  })
  .map(
    ({ observe, arrivals, violations, samples }) =>
      (nowMs: number): ComponentObservation =>
        observe(nowMs, {
          arrivals: arrivals.map((count, i) => ({ startMs: nowMs - (arrivals.length - i) * 10_000, count })),
          outcomes: violations.map((each, i) => ({
            startMs: nowMs - (violations.length - i) * MINUTE,
            requests: 100,
            violations: each,
            rejects: 0,
          })),
          recentConcurrencyPerCopy: samples,
        }),
  );

/** Where an observation of a breach holds numbers, found rather than listed: a field that is added is tried as well. */
const NUMBERS = pathsOf(
  slack(START, {
    arrivals: [{ startMs: START, count: 1 }],
    outcomes: [{ startMs: START, requests: 1, violations: 0, rejects: 0 }],
  }),
).filter((path) => !(path[0] === 'policy' && path[1] !== 'target') && path.join('.') !== 'outcomes.0.startMs');

function pathsOf(value: unknown): string[][] {
  if (typeof value === 'number') return [[]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => pathsOf(each).map((path) => [key, ...path]));
}

function withNumber<T>(value: T, [key, ...rest]: readonly string[], number: number): T {
  if (key === undefined) return number as T;
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
  copy[key] = withNumber(copy[key], rest, number);
  return copy as T;
}

const noAmount = fc.oneof(
  fc.constantFrom(NaN, Infinity, -Infinity, -Number.MIN_VALUE, -Number.MAX_VALUE),
  fc.double({ max: 0, maxExcluded: true, noNaN: true, noDefaultInfinity: true }).filter((value) => value < 0),
);

/** The state after a few sound minutes. */
function learned(minutes: readonly ((nowMs: number) => ComponentObservation)[]): { state: TunerState; nowMs: number } {
  let state = NO_TUNER_STATE;
  for (const [i, observe] of minutes.entries()) {
    const nowMs = START + i * MINUTE;
    state = tune(state, { writer: observe(nowMs) }, config, nowMs).state;
  }
  return { state, nowMs: START + minutes.length * MINUTE };
}

test('a number that is no amount, wherever it stands and whatever was before, causes no action and is not learned from', () => {
  fc.assert(
    fc.property(fc.array(sound, { maxLength: 5 }), fc.constantFrom(...NUMBERS), noAmount, (minutes, path, number) => {
      const { state, nowMs } = learned(minutes);
      const now = slack(nowMs, {
        arrivals: [{ startMs: nowMs, count: 1 }],
        outcomes: [{ startMs: nowMs, requests: 1, violations: 0, rejects: 0 }],
      });
      const next = tune(state, { writer: withNumber(now, path, number) }, config, nowMs);
      expect(next.actions).toEqual([]);
      if (minutes.length > 0) expect(next.state.components).toEqual(state.components);
    }),
    { numRuns: 500 },
  );
});

test('numbers beyond all measure never lead beyond the bounds, nor leave anything behind that is no number', () => {
  const huge = fc.oneof(
    fc.constantFrom(Number.MAX_VALUE, Number.MAX_SAFE_INTEGER, Number.MIN_VALUE),
    fc.integer({ min: 6, max: 307 }).map((digits) => 10 ** digits),
    fc.integer({ min: 6, max: 16 }).map((digits) => 10 ** digits),
  );
  fc.assert(
    fc.property(
      fc.array(sound, { maxLength: 5 }),
      fc.array(fc.tuple(fc.constantFrom(...NUMBERS), huge), { minLength: 1, maxLength: 5 }),
      (minutes, numbers) => {
        const { state, nowMs } = learned(minutes);
        const now = slack(nowMs, {
          arrivals: [{ startMs: nowMs, count: 1 }],
          outcomes: [{ startMs: nowMs, requests: 1, violations: 0, rejects: 0 }],
        });
        const wrong = numbers.reduce((observation, [path, number]) => withNumber(observation, path, number), now);
        const next = tune(state, { writer: wrong }, config, nowMs);
        for (const action of next.actions) {
          if (action.type === 'set-target') {
            expect(action.to).toBeGreaterThanOrEqual(writer.minTarget);
            expect(action.to).toBeLessThanOrEqual(writer.maxTarget);
          }
          if (action.type === 'set-minimum') {
            expect(action.copies).toBeGreaterThanOrEqual(writer.minCopies);
            expect(action.copies).toBeLessThanOrEqual(writer.maxCopies);
          }
        }
        expect(JSON.parse(JSON.stringify(next.state))).toEqual(next.state);
      },
    ),
    { numRuns: 500 },
  );
});

test('what is told twice or out of order is decided as if it were told once, in order', () => {
  const muddled = fc.tuple(fc.infiniteStream(fc.nat()), fc.infiniteStream(fc.boolean()));
  fc.assert(
    fc.property(fc.array(sound, { maxLength: 5 }), sound, muddled, (minutes, observe, [ranks, twice]) => {
      const { state, nowMs } = learned(minutes);
      const muddle = <T>(list: readonly T[]): T[] =>
        list
          .flatMap((each) => (twice.next().value === true ? [each, each] : [each]))
          .map((each) => ({ each, rank: Number(ranks.next().value) }))
          .toSorted((a, b) => a.rank - b.rank)
          .map(({ each }) => each);
      const now = observe(nowMs);
      const wrong = { ...now, arrivals: muddle(now.arrivals), outcomes: muddle(now.outcomes) };
      expect(tune(state, { writer: wrong }, config, nowMs)).toEqual(tune(state, { writer: now }, config, nowMs));
    }),
    { numRuns: 300 },
  );
});

test('what is missing causes no action for want of it', () => {
  const optional = ['latency', 'slackEvidence', 'concurrencyPerCopy'] as const;
  fc.assert(
    fc.property(
      fc.array(sound, { maxLength: 5 }),
      sound,
      fc.subarray([...optional], { minLength: 1 }),
      (minutes, observe, missing) => {
        const { state, nowMs } = learned(minutes);
        const whole = observe(nowMs);
        const rest = Object.fromEntries(Object.entries(whole).filter(([key]) => !missing.some((name) => name === key)));
        const { actions } = tune(state, { writer: rest as unknown as ComponentObservation }, config, nowMs);
        const known = tune(state, { writer: whole }, config, nowMs).actions.map(({ type }) => type);
        for (const { type } of actions) expect(known).toContain(type);
      },
    ),
    { numRuns: 300 },
  );
});
