import fc from 'fast-check';
import {
  decideKeptCopies,
  FIRST_PATIENCE_MS,
  type KeepChange,
  type KeepConfig,
  type KeepState,
  keptCopy,
  NO_KEPT_COPIES,
} from '../../../../core/scale/keep/kept-copies';
import type { RunsSeen } from '../../../../core/scale/keep/run-evidence';
import { DAY_MS, HOUR_MS } from '../../../../core/time-units';

const config: KeepConfig = {
  mode: 'act',
  objectiveMs: 480_000,
  pricesPerHourUsd: { planner: 4, expert: 8, writer: 8 },
};

/** An agent of which an hour is told at a time. */
class Agent {
  state: KeepState = NO_KEPT_COPIES;
  readonly changes: (KeepChange & { readonly hour: number })[] = [];
  #hour = 0;

  constructor(private readonly more: Partial<KeepConfig> = {}) {}

  hours(count: number, runsOf: (state: KeepState) => RunsSeen): this {
    for (let i = 0; i < count; i++) {
      const nowMs = ++this.#hour * HOUR_MS;
      const observation = { ...runsOf(this.state), measuredAtMs: nowMs };
      const { state, actions } = decideKeptCopies(this.state, observation, { ...config, ...this.more }, nowMs);
      this.state = JSON.parse(JSON.stringify(state));
      this.changes.push(...actions.map((change) => ({ ...change, hour: this.#hour })));
    }
    return this;
  }

  get kept(): Record<string, string> {
    const names = Object.keys(config.pricesPerHourUsd);
    return Object.fromEntries(
      names.flatMap((name) => (keptCopy(this.state, name) ? [[name, keptCopy(this.state, name)!]] : [])),
    );
  }
}

const WAITS_MS: Readonly<Record<string, number>> = { planner: 300_000, expert: 400_000, writer: 400_000 };

/** Ten runs an hour, of which a share meets every component cold that is not kept, one start after another. */
function chain(state: KeepState, objectiveMs = config.objectiveMs, coldShare = 0.4): RunsSeen {
  const runs = 10;
  const shareOf = (name: string) => ({ 'in-use': 0.03, always: 0, none: coldShare })[keptCopy(state, name) ?? 'none'];
  const waits = Object.keys(WAITS_MS).map((name) => ({ name, ms: WAITS_MS[name]!, share: shareOf(name) }));
  // The rarer a start, the later a run that meets it is among those that wait.
  const levels = [...new Set(waits.map(({ share }) => share))].sort((a, b) => a - b);
  const lateShare = Math.max(
    0,
    ...levels.map((level) => {
      const waitMs = waits.filter(({ share }) => share >= level).reduce((sum, { ms }) => sum + ms, 0);
      return waitMs > objectiveMs ? level : 0;
    }),
  );
  return {
    runs,
    late: runs * lateShare,
    cold: runs * Math.max(...waits.map(({ share }) => share)),
    coldMs: Object.fromEntries(waits.map(({ name, ms, share }) => [name, runs * share * ms])),
  };
}

const good: RunsSeen = { runs: 100, late: 0, cold: 40, coldMs: { writer: 1e6 } };
const late = (component: string, cold = 30): RunsSeen => ({ runs: 100, late: 30, cold, coldMs: { [component]: 1e6 } });

test('nothing is kept while runs meet their objective, however many meet a cold start', () => {
  const agent = new Agent().hours(60 * 24, () => good);
  expect(agent.changes).toEqual([]);
});

test('late runs that met no cold start are no reason to keep a copy', () => {
  const agent = new Agent().hours(48, () => late('writer', 2));
  expect(agent.kept).toEqual({});
});

test('a copy is kept where it spares most waiting for its price, and the reason tells the runs', () => {
  const both = { ...late('writer'), coldMs: { writer: 1.5e6, planner: 1e6 } };
  const agent = new Agent().hours(1, () => both);
  expect(agent.changes).toMatchObject([
    {
      type: 'keep',
      component: 'planner',
      reason: 'of 100 runs 30 % beyond the objective, 30 % met a cold start: its copy is kept while it is in use',
    },
  ]);
});

test('no more are kept than runs need to meet their objective', () => {
  const agent = new Agent().hours(6 * 24, chain);
  expect(chain(agent.state).late).toBeLessThan(0.5);
  expect(Object.keys(agent.kept).length).toBeLessThan(3);
});

test('a component that is kept while in use and still too cold is kept for good', () => {
  const agent = new Agent().hours(48, () => late('writer'));
  expect(agent.kept).toEqual({ writer: 'always' });
});

test('after a week within the objective a copy is let go of', () => {
  const agent = new Agent().hours(1, () => late('writer')).hours(FIRST_PATIENCE_MS / HOUR_MS + 1, () => good);
  expect(agent.changes.map(({ type }) => type)).toEqual(['keep', 'let-go']);
  expect(agent.kept).toEqual({});
});

test('where runs are too few for certainty, a copy is let go of after eight weeks', () => {
  const few: RunsSeen = { runs: 0.3, late: 0, cold: 0, coldMs: {} };
  const agent = new Agent().hours(1, () => late('writer')).hours(57 * 24, () => few);
  expect(agent.changes.map(({ type, hour }) => [type, hour])).toEqual([
    ['keep', 1],
    ['let-go', 1 + 56 * 24],
  ]);
});

test('what was let go of and is missed comes back, and is tried without half as often', () => {
  const needed = (state: KeepState) => (keptCopy(state, 'writer') ? good : late('writer'));
  const agent = new Agent().hours(60 * 24, needed);
  const letGo = agent.changes.filter(({ type }) => type === 'let-go').map(({ hour }) => hour);
  const back = agent.changes.filter(({ type }) => type === 'keep').map(({ hour }) => hour);
  expect(letGo).toHaveLength(3);
  expect(back[1]! - letGo[0]!).toBeLessThanOrEqual(3);
  expect((letGo[1]! - back[1]!) / (letGo[0]! - back[0]!)).toBeCloseTo(2, 1);
  expect((letGo[2]! - back[2]!) / (letGo[1]! - back[1]!)).toBeCloseTo(2, 1);
});

test('on a stationary load changes become rarer and rarer', () => {
  const share = fc.double({ min: 0.02, max: 0.6, noNaN: true });
  fc.assert(
    fc.property(share, fc.integer({ min: 100_000, max: 1_200_000 }), (coldShare, objectiveMs) => {
      const agent = new Agent({ objectiveMs }).hours(150 * 24, (state) => chain(state, objectiveMs, coldShare));
      const later = agent.changes.filter(({ hour }) => hour > 60 * 24);
      // Patience is four weeks by then: a trial and its end in as long.
      expect(later.length).toBeLessThanOrEqual(6);
    }),
    { numRuns: 8 },
  );
});

test('a stricter objective never has fewer copies kept in the end', () => {
  const objective = fc.integer({ min: 50_000, max: 1_300_000 });
  const weightOf = ({ steps }: KeepState) => steps.length;
  fc.assert(
    fc.property(objective, objective, (a, b) => {
      const [strict, lax] = [Math.min(a, b), Math.max(a, b)].map((objectiveMs) =>
        new Agent({ objectiveMs }).hours(6 * 24, (state) => chain(state, objectiveMs)),
      );
      expect(weightOf(strict!.state)).toBeGreaterThanOrEqual(weightOf(lax!.state));
    }),
    { numRuns: 15 },
  );
});

test('whatever is known, more late runs never take away what fewer would leave', () => {
  const runs = fc.record({
    late: fc.nat(100),
    more: fc.nat(100),
    cold: fc.nat(100),
    component: fc.constantFrom('planner', 'writer'),
  });
  fc.assert(
    fc.property(
      fc.array(runs, { maxLength: 40 }),
      runs,
      fc.integer({ min: 1, max: 2000 }),
      (past, next, hoursLater) => {
        const agent = new Agent();
        for (const { late, cold, component } of past)
          agent.hours(1, () => ({ runs: 100, late, cold, coldMs: { [component]: 1e5 } }));
        const nowMs = (past.length + hoursLater) * HOUR_MS;
        const decide = (count: number) =>
          decideKeptCopies(
            agent.state,
            { measuredAtMs: nowMs, runs: 100, late: count, cold: next.cold, coldMs: { [next.component]: 1e5 } },
            config,
            nowMs,
          ).state.steps;
        const strict = decide(Math.min(100, next.late + next.more));
        const lax = decide(next.late);
        for (const name of new Set(lax)) {
          const count = (steps: readonly string[]) => steps.filter((step) => step === name).length;
          expect(count(strict)).toBeGreaterThanOrEqual(count(lax));
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('another objective makes what is known of late runs void, but lets go of nothing', () => {
  const agent = new Agent().hours(1, () => late('writer'));
  const nowMs = 30 * DAY_MS;
  const { state } = decideKeptCopies(
    agent.state,
    { ...good, measuredAtMs: nowMs },
    { ...config, objectiveMs: 1000 },
    nowMs,
  );
  expect(keptCopy(state, 'writer')).toBe('in-use');
  expect(state.evidence.long.runs).toBe(100);
});

test('the same minutes are not counted twice', () => {
  const observation = { ...good, measuredAtMs: HOUR_MS };
  const once = decideKeptCopies(NO_KEPT_COPIES, observation, config, HOUR_MS).state;
  expect(decideKeptCopies(once, observation, config, HOUR_MS + 1).state).toEqual(once);
});

test.each([
  ['no numbers', { late: Number.NaN }],
  ['negative', { runs: -1 }],
  ['impossible', { late: 200 }],
  ['of tomorrow', { measuredAtMs: 2 * HOUR_MS }],
  ['endless waits', { coldMs: { writer: Infinity } }],
])('counts that are %s change nothing', (_, wrong) => {
  const observation = { ...late('writer'), measuredAtMs: HOUR_MS, ...wrong };
  const { state, actions, reasons } = decideKeptCopies(NO_KEPT_COPIES, observation, config, HOUR_MS);
  expect({ state, actions, reasons }).toEqual({
    state: NO_KEPT_COPIES,
    actions: [],
    reasons: ['runs: no sound counts'],
  });
});

test('a dry run tells what it would do, and goes on to count', () => {
  const { state, actions, reasons } = decideKeptCopies(
    NO_KEPT_COPIES,
    { ...late('writer'), measuredAtMs: HOUR_MS },
    { ...config, mode: 'dry-run' },
    HOUR_MS,
  );
  expect({ steps: state.steps, actions }).toEqual({ steps: [], actions: [] });
  expect(reasons[0]).toMatch(/^writer: dry run: would keep: of 100 runs 30 % beyond the objective/);
  expect(state.evidence.long.runs).toBe(100);
});

test('what is remembered stays small', () => {
  const agent = new Agent().hours(40 * 24, chain);
  expect(JSON.stringify(agent.state).length).toBeLessThan(1000);
});
