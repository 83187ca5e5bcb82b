import fc from 'fast-check';
import {
  type ComponentObservation,
  type LivePolicy,
  NO_TUNER_STATE,
  type TunerAction,
  type TunerState,
  tune,
} from '../../../../core/scale';
import { configOf, MINUTE, observed, policyOf, START, writer } from './fixture';

const NAMES = ['planner', 'search', 'writer'] as const;
const config = configOf(Object.fromEntries(NAMES.map((name) => [name, writer])));

/** What happens to one component in one minute. */
const moment = fc.record({
  p95Ms: fc.oneof(fc.constantFrom(150, 300, 1500, 3000), fc.double({ min: 20, max: 50_000, noNaN: true })),
  concurrencyPerCopy: fc.double({ min: 0.1, max: 100, noNaN: true }),
  samples: fc.constantFrom(10, 100, 1000),
  requestsPerSecond: fc.double({ min: 0, max: 200, noNaN: true }),
  rejects: fc.constantFrom(0, 0, 0, 5),
  coldStarts: fc.constantFrom(0, 0, 0, 1),
  violations: fc.integer({ min: 0, max: 100 }),
  desired: fc.integer({ min: 1, max: 20 }),
  readySeconds: fc.constantFrom(30, 200, 500),
  fresh: fc.constantFrom(true, true, true, false),
  byHand: fc.constantFrom(...Array<boolean>(200).fill(false), true),
});
type Moment = typeof moment extends fc.Arbitrary<infer T> ? T : never;

const days = fc.array(fc.tuple(moment, moment, moment), { minLength: 40, maxLength: 120 });

interface Tick {
  readonly nowMs: number;
  readonly before: TunerState;
  readonly after: TunerState;
  readonly observation: Readonly<Record<string, ComponentObservation>>;
  readonly actions: readonly TunerAction[];
  readonly reasons: readonly string[];
}

/** Plays a history against policies and minima that take what is written. */
function play(history: readonly (readonly Moment[])[]): Tick[] {
  const policies: Record<string, LivePolicy> = Object.fromEntries(NAMES.map((name) => [name, policyOf(10)]));
  const minima: Record<string, number> = Object.fromEntries(NAMES.map((name) => [name, 1]));
  const outcomes: Record<string, ComponentObservation['outcomes']> = Object.fromEntries(
    NAMES.map((name) => [name, []]),
  );
  let state = NO_TUNER_STATE;
  return history.map((moments, minute) => {
    const nowMs = START + minute * MINUTE;
    const observation = Object.fromEntries(
      NAMES.map((name, i) => {
        const m = moments[i]!;
        if (m.byHand) policies[name] = policyOf(20 + minute / 100);
        const minuteBefore = { startMs: nowMs - MINUTE, requests: 100, violations: m.violations, rejects: 0 };
        outcomes[name] = [...outcomes[name]!.slice(-60), minuteBefore];
        return [name, observe(m, nowMs, policies[name]!, minima[name]!, outcomes[name])];
      }),
    );
    const before = state;
    const { actions, reasons, state: after } = tune(before, observation, config, nowMs);
    state = JSON.parse(JSON.stringify(after));
    for (const action of actions) {
      if (action.type === 'set-target') {
        const { scaleOutCooldownSeconds, scaleInCooldownSeconds } = action.cooldowns;
        policies[action.component] = policyOf(action.to, scaleOutCooldownSeconds, scaleInCooldownSeconds);
      }
      if (action.type === 'restore-policy') {
        policies[action.component] = {
          ...policies[action.component]!,
          target: action.target,
          document: action.document,
        };
      }
      if (action.type === 'set-minimum') minima[action.component] = action.copies;
    }
    return { nowMs, before, after, observation, actions, reasons };
  });
}

function observe(
  m: Moment,
  nowMs: number,
  policy: LivePolicy,
  minimumCopies: number,
  outcomes: ComponentObservation['outcomes'],
): ComponentObservation {
  const latency = { count: m.samples, p95Ms: m.p95Ms, lowMs: 0.95 * m.p95Ms, highMs: 1.05 * m.p95Ms };
  return observed(nowMs, {
    measuredAtMs: m.fresh ? nowMs : nowMs - 3 * MINUTE,
    latency,
    slackEvidence: { windowMs: 5 * MINUTE, latency },
    concurrencyPerCopy: m.concurrencyPerCopy,
    recentConcurrencyPerCopy: Array<number>(6).fill(m.concurrencyPerCopy),
    requestsPerSecond: m.requestsPerSecond,
    arrivals: Array.from({ length: 6 }, (_, i) => ({
      startMs: nowMs - (6 - i) * 10_000,
      count: Math.round(10 * m.requestsPerSecond),
    })),
    rejects: m.rejects,
    coldStarts: m.coldStarts,
    outcomes,
    copies: { desired: m.desired, inService: m.desired },
    readySeconds: { p75: m.readySeconds, p90: m.readySeconds },
    minimumCopies,
    policy,
  });
}

/** Of quotients of binary fractions. */
const ROUNDING = 1e-12;

const isWrite = ({ type }: TunerAction) => type === 'set-target' || type === 'restore-policy';

test('whatever is measured, every change keeps to its limits', () => {
  fc.assert(
    fc.property(days, (history) => {
      const writes = new Map<string, number[]>();
      for (const { nowMs, before, actions, reasons, observation } of play(history)) {
        expect(actions.filter(isWrite).length).toBeLessThanOrEqual(1);
        for (const action of actions) {
          expect(action.reasons.length).toBeGreaterThan(0);
          expect(reasons.length).toBeGreaterThan(0);
          const { component } = action;
          const known = before.components[component];
          const guarded = nowMs < (known?.guard?.untilMs ?? 0);
          const { policy, minimumCopies } = observation[component]!;
          if (isWrite(action)) {
            const recent = (writes.get(component) ?? []).filter((atMs) => atMs > nowMs - 60 * MINUTE);
            expect(recent.length).toBeLessThan(4);
            writes.set(component, [...recent, nowMs]);
          }
          if (action.type === 'set-target') {
            expect(action.to).toBeGreaterThanOrEqual(writer.minTarget);
            expect(action.to).toBeLessThanOrEqual(writer.maxTarget);
            expect(action.to / action.from).toBeGreaterThanOrEqual(0.75 - 0.005 / action.from - ROUNDING);
            expect(action.to / action.from).toBeLessThanOrEqual(1.1 + 0.005 / action.from + ROUNDING);
            expect(action.from).toBe(policy.target);
            expect(nowMs).toBeGreaterThanOrEqual(known?.frozenUntilMs ?? 0);
            if (guarded) expect(action.to).toBeLessThan(action.from);
            if (action.to > action.from) {
              expect(observation[component]!.copies.desired).toBeGreaterThan(writer.minCopies);
            }
          }
          if (action.type === 'restore-policy' && guarded) expect(action.target).toBeLessThanOrEqual(policy.target);
          if (action.type === 'set-minimum') {
            expect(action.copies).toBeGreaterThanOrEqual(writer.minCopies);
            expect(action.copies).toBeLessThanOrEqual(writer.maxCopies);
            if (guarded) expect(action.copies).toBeGreaterThanOrEqual(minimumCopies);
          }
        }
      }
    }),
    { numRuns: 24 },
  );
});

test('whatever was measured, a repeated tick does nothing', () => {
  fc.assert(
    fc.property(days, (history) => {
      for (const { nowMs, after, observation } of play(history)) {
        expect(tune(after, observation, config, nowMs)).toMatchObject({ state: after, actions: [] });
      }
    }),
    { numRuns: 8 },
  );
});

test('the state survives being stored as JSON', () => {
  fc.assert(
    fc.property(days, (history) => {
      const { after } = play(history).at(-1)!;
      expect(JSON.parse(JSON.stringify(after))).toEqual(after);
    }),
    { numRuns: 8 },
  );
});

test('every policy that is restored was live before, byte for byte', () => {
  let restored = 0;
  fc.assert(
    fc.property(days, (history) => {
      const seen = new Set<string>();
      for (const { actions, observation } of play(history)) {
        for (const name of NAMES) seen.add(name + observation[name]!.policy.document);
        for (const action of actions) {
          if (action.type !== 'restore-policy') continue;
          restored++;
          expect(seen).toContain(action.component + action.document);
        }
      }
    }),
    { numRuns: 10, seed: 11 },
  );
  expect(restored).toBeGreaterThan(0);
});
