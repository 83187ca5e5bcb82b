import { HOUR_MS, MINUTE_MS } from '../../../core/time-units';
import { EMPTY_WARM_STATE, type Hold, quantileMs, type WarmConfig, type WarmState } from '../../../core/warm';
import type { WarmUp } from '../../../core/warm/policy';
import { WarmBook } from '../../../core/warm/warm-book';
import { chainOf } from './support/graphs';
import { COLD, configOf, observe, WARM } from './support/worlds';

const NOW_MS = 1_000 * HOUR_MS;
const CHAIN = chainOf(3);

/** A copy costs 1 USD an hour, and another 10 minutes if nothing calls it. */
function configWith(limits: Partial<WarmConfig['limits']> = {}, costs: object = {}): WarmConfig {
  const one = { pricePerHourUsd: 1, maxCopies: 5, ...costs };
  return { ...configOf(CHAIN, limits), components: { m0: one, m1: one, m2: one } };
}

function open(
  components: Parameters<typeof observe>[3] = {},
  { state = EMPTY_WARM_STATE, config = configWith(), nowMs = NOW_MS } = {},
): WarmBook {
  return new WarmBook(state, observe(CHAIN, [], COLD, components), config, nowMs);
}

const statuses = (m0: object, m1: object = COLD, m2: object = COLD) => ({
  components: { m0: { ...COLD, ...m0 }, m1: { ...COLD, ...m1 }, m2: { ...COLD, ...m2 } },
});

const HOLD: Hold = {
  copies: 1,
  sinceMs: NOW_MS - 10 * MINUTE_MS,
  untilMs: NOW_MS + HOUR_MS,
  chargedUsd: 1,
  chargedAtMs: NOW_MS - 10 * MINUTE_MS,
};
const STARTED: Hold = { ...HOLD, readyAtMs: NOW_MS - MINUTE_MS };
const holding = (holds: Record<string, Hold>): WarmState => ({ ...EMPTY_WARM_STATE, holds });
const WARM_UP: WarmUp = { sinceMs: STARTED.sinceMs, share: 1, copies: 1, tailUsd: 0.25 };

describe('a start', () => {
  test('is held, charged and announced under a key of its minute', () => {
    const nowMs = NOW_MS + 7_000;
    const book = open({}, { nowMs });
    const untilMs = nowMs + HOUR_MS;
    expect(book.warm('m0', 2, untilMs, 'wanted', 'run')).toBe(true);
    const readyAtMs = nowMs + quantileMs(book.view.coldStart('m0'), 0.9);
    const { actions, reasons, state } = book.decision();
    expect(actions).toEqual([
      {
        type: 'warm',
        component: 'm0',
        copies: 2,
        untilMs,
        readyAtMs,
        key: `m0@${NOW_MS}`,
        reason: 'wanted',
      },
    ]);
    expect(reasons).toEqual(['m0: warmed, 2 of 2 copies: wanted']);
    expect(state.holds).toStrictEqual({
      m0: {
        copies: 2,
        sinceMs: nowMs,
        untilMs,
        readyAtMs,
        chargedUsd: 2,
        chargedAtMs: nowMs,
      },
    });
    expect(state.windows).toEqual({ m0: NOW_MS / MINUTE_MS });
    expect(state.spend).toMatchObject({ hourUsd: 7 / 3, monthUsd: 7 / 3 });
  });

  test('of what is there already is none, and nothing to speak of', () => {
    const book = open(statuses(WARM));
    expect(book.warm('m0', 1, NOW_MS + HOUR_MS, 'wanted', 'run')).toBe(false);
    expect(book.decision()).toMatchObject({ actions: [], reasons: [] });
  });

  test('may cost all that is left, and no more', () => {
    const at = (hourlyBudgetUsd: number) => {
      const book = open({}, { config: configWith({ hourlyBudgetUsd }) });
      const isStarted = book.warm('m0', 3, NOW_MS + HOUR_MS, 'wanted', 'run');
      return { isStarted, ...book.decision() };
    };
    expect(at(7 / 3)).toMatchObject({
      isStarted: true,
      actions: [{ copies: 2 }],
      reasons: ['m0: warmed, 2 of 3 copies: wanted'],
    });
    expect(at(0.5)).toMatchObject({
      isStarted: false,
      actions: [],
      reasons: ['m0: not warmed: 1.1667 USD needed, 0.5000 USD of the budget left'],
    });
  });

  test('is billed its minimum for each copy that is not there yet', () => {
    const book = open(statuses({ startingReadyAtMs: [NOW_MS + 1_000] }), {
      config: configWith({}, { minimumBillUsd: 0.25 }),
    });
    book.warm('m0', 3, NOW_MS + HOUR_MS, 'wanted', 'run');
    expect(book.decision().state.spend.hourUsd).toBeCloseTo(3 + 2 * (0.25 + 1 / 6), 9);
  });

  test('ahead of any run is remembered as such, and paid from what is left for that', () => {
    const book = open({}, { config: configWith({ hourlyBudgetUsd: 7 / 6 }) });
    expect(book.warm('m0', 1, NOW_MS + HOUR_MS, 'maybe', 'ahead')).toBe(true);
    expect(book.warm('m1', 1, NOW_MS + HOUR_MS, 'maybe', 'ahead')).toBe(false);
    const { state, reasons } = book.decision();
    expect(state.warmUps).toEqual({ m0: { sinceMs: NOW_MS, share: 1, copies: 1, tailUsd: 1 / 6, isAhead: true } });
    expect(reasons[1]).toBe(
      'm1: not warmed: 1.1667 USD needed, 0.0000 USD of the budget left for what no run has asked for',
    );
  });

  test('is one in each window', () => {
    const refused = 'm0: not warmed: acted on already in this window of 60 s';
    const kept = open(statuses(WARM));
    kept.keep('m0', 1, NOW_MS + HOUR_MS, 'called');
    const { state } = kept.decision();
    const lost = open(statuses(COLD), { state, nowMs: NOW_MS + 1_000 });
    expect(lost.warm('m0', 1, NOW_MS + HOUR_MS, 'wanted', 'run')).toBe(false);
    expect(lost.decision().reasons).toEqual([refused]);
    const later = open(statuses(COLD), { state, nowMs: NOW_MS + MINUTE_MS });
    expect(later.warm('m0', 1, NOW_MS + HOUR_MS, 'wanted', 'run')).toBe(true);

    const started = open();
    started.warm('m0', 1, NOW_MS + HOUR_MS, 'wanted', 'run');
    const serving = open(statuses(WARM), { state: started.decision().state, nowMs: NOW_MS + 1_000 });
    expect(serving.warm('m0', 2, NOW_MS + HOUR_MS, 'wanted', 'run')).toBe(false);
    expect(serving.decision().reasons).toEqual([refused]);
    const waiting = open(statuses(COLD), { state: started.decision().state, nowMs: NOW_MS + 1_000 });
    expect(waiting.warm('m0', 2, NOW_MS + HOUR_MS, 'wanted', 'run')).toBe(true);
    expect(waiting.decision().actions).toEqual([expect.objectContaining({ key: `m0@${NOW_MS}/2` })]);
    expect(waiting.decision().state.holds.m0!.sinceMs).toBe(NOW_MS);
  });
});

describe('what a start may cost that nothing calls', () => {
  const readyInMs = quantileMs(open().view.coldStart('m0'), 0.9);
  const started = open();
  started.warm('m0', 2, NOW_MS + readyInMs + 2 * MINUTE_MS, 'wanted', 'run');
  const { state } = started.decision();

  test('is set aside with it: a late start, a quarter of an hour until the alarm, and ten minutes of the instance', () => {
    const paidMs = readyInMs + 15 * MINUTE_MS + 10 * MINUTE_MS;
    expect(state.spend.hourUsd).toBeCloseTo((2 * paidMs) / HOUR_MS, 9);
  });

  test('is given back but for the hold of one copy when something calls them, also when they are held no more, and otherwise never', () => {
    const spentWith = (status: object, laterMs: number) =>
      open(statuses(status), { state, nowMs: NOW_MS + laterMs }).decision().state.spend.hourUsd;
    const tailUsd = (13 + 10) / 60;
    for (const minutes of [16, 25]) {
      const lastCallMs = NOW_MS + (minutes - 1) * MINUTE_MS;
      expect(spentWith({ copies: 2, lastCallMs }, minutes * MINUTE_MS)).toBeCloseTo(state.spend.hourUsd - tailUsd, 9);
    }
    expect(spentWith(COLD, 50 * MINUTE_MS)).toBe(state.spend.hourUsd);
  });

  test('is nothing more than its hold where calls are all that keeps a copy', () => {
    const imported = open(statuses({ path: 'imported-model' }));
    imported.warm('m0', 1, NOW_MS + HOUR_MS / 2, 'wanted', 'run');
    expect(imported.decision().state.spend.hourUsd).toBe(0.5);
  });
});

describe('of the components that may start at once', () => {
  const config = configWith({ maxSimultaneousWarms: 1 });
  const mayStart = (holds: Record<string, Hold>, given: Parameters<typeof observe>[3]) =>
    open(given, { config, state: holding(holds) }).warm('m2', 1, NOW_MS + HOUR_MS, 'wanted', 'run');

  test('one counts that was started and serves fewer copies than are held', () => {
    expect(mayStart({ m0: STARTED }, statuses(COLD))).toBe(false);
    expect(mayStart({ m0: { ...STARTED, copies: 2 } }, statuses(WARM))).toBe(false);
    expect(mayStart({ m0: STARTED }, statuses(WARM))).toBe(true);
  });

  test('one does not count that was never started, or of which nothing is known', () => {
    expect(mayStart({ m0: HOLD }, statuses(COLD))).toBe(true);
    expect(mayStart({ gone: STARTED }, statuses(COLD))).toBe(true);
  });

  test('one does not count any more when it is let go, or content with the copies that serve', () => {
    const state = holding({ m0: { ...STARTED, copies: 2 } });
    const released = open(statuses(WARM), { config, state });
    released.release('m0', 'not wanted');
    expect(released.warm('m2', 1, NOW_MS + HOUR_MS, 'wanted', 'run')).toBe(true);
    const content = open(statuses(WARM), { config, state });
    content.keep('m0', 1, NOW_MS + 3 * HOUR_MS, 'called');
    expect(content.warm('m2', 1, NOW_MS + HOUR_MS, 'wanted', 'run')).toBe(true);
  });
});

describe('what is kept', () => {
  test('is held and charged from when it is', () => {
    const book = open(statuses(WARM));
    book.keep('m0', 1, NOW_MS + HOUR_MS, 'called');
    const { actions, reasons, state } = book.decision();
    const untilMs = NOW_MS + HOUR_MS;
    expect(actions).toEqual([
      { type: 'hold', component: 'm0', copies: 1, untilMs, key: `m0@${NOW_MS}`, reason: 'called' },
    ]);
    expect(reasons).toEqual(['m0: held: called']);
    expect(state.holds).toStrictEqual({
      m0: { copies: 1, sinceMs: NOW_MS, untilMs, chargedUsd: 1, chargedAtMs: NOW_MS },
    });
  });

  test('is prolonged when less than half of it is left, and before that only for more copies', () => {
    const keep = (copies: number, untilMs: number) => {
      const book = open(statuses({ copies: 2 }), { state: holding({ m0: HOLD }) });
      book.keep('m0', copies, untilMs, 'called');
      return book.decision();
    };
    expect(keep(1, NOW_MS + 2 * HOUR_MS).actions).toEqual([]);
    expect(keep(1, NOW_MS + 2 * HOUR_MS + 2).actions).toEqual([expect.objectContaining({ type: 'hold' })]);
    const more = keep(2, NOW_MS + HOUR_MS);
    expect(more.actions).toEqual([expect.objectContaining({ type: 'hold', copies: 2, untilMs: NOW_MS + HOUR_MS })]);
    expect(more.state.holds.m0).toMatchObject({ sinceMs: HOLD.sinceMs, chargedUsd: 1, chargedAtMs: NOW_MS });
  });

  test('may cost all that is left for what no run has asked for, and no more', () => {
    const keep = (hourlyBudgetUsd: number) => {
      const book = open(statuses(WARM), { config: configWith({ hourlyBudgetUsd }) });
      book.keep('m0', 1, NOW_MS + HOUR_MS, 'called');
      return book.decision();
    };
    expect(keep(1).actions).toHaveLength(1);
    expect(keep(0.9)).toMatchObject({
      actions: [],
      reasons: ['m0: not held: 1.0000 USD needed, 0.9000 USD of the budget left for what no run has asked for'],
    });
  });
});

describe('what is let go', () => {
  test('gives back what it has not used, and is gone', () => {
    const book = open();
    book.warm('m0', 2, NOW_MS + HOUR_MS, 'wanted', 'run');
    const nowMs = NOW_MS + HOUR_MS / 4;
    const called = { copies: 2, lastCallMs: nowMs - MINUTE_MS };
    const later = open(statuses(called), { state: book.decision().state, nowMs });
    later.release('m0', 'not wanted');
    const { actions, reasons, state } = later.decision();
    expect(actions).toEqual([{ type: 'release', component: 'm0', reason: 'not wanted' }]);
    expect(reasons).toEqual(['m0: released: not wanted']);
    expect(state.holds).toEqual({});
    expect(later.held()).toEqual([]);
    const otherGoesMs = book.decision().state.holds.m0!.readyAtMs! + 15 * MINUTE_MS;
    expect(state.spend.hourUsd).toBeCloseTo(1 / 4 + (otherGoesMs - NOW_MS) / HOUR_MS + 1 / 6, 9);
  });

  test('uncalled, is paid until its alarm has taken it and its instance has gone', () => {
    const book = open();
    book.warm('m0', 2, NOW_MS + HOUR_MS, 'wanted', 'run');
    const { state } = book.decision();
    const serving = statuses({ copies: 2 });
    const goneMs = state.holds.m0!.readyAtMs! + 15 * MINUTE_MS;
    const spentAfter = (nowMs: number) => {
      const later = open(serving, { state, nowMs });
      later.release('m0', 'not wanted');
      return later.decision().state.spend.hourUsd;
    };
    const soonUsd = (2 * (goneMs - NOW_MS)) / HOUR_MS + 2 / 6;
    expect(spentAfter(NOW_MS + MINUTE_MS)).toBeCloseTo(soonUsd, 9);
    expect(spentAfter(goneMs)).toBeCloseTo(soonUsd, 9);
    expect(spentAfter(NOW_MS + 50 * MINUTE_MS)).toBeCloseTo(2 * (5 / 6) + 2 / 6, 9);
  });

  test('gives back no more than was set aside for it last', () => {
    const kept = open(statuses(WARM));
    kept.keep('m0', 1, NOW_MS + HOUR_MS / 4, 'called');
    const prolonged = open(statuses(WARM), { state: kept.decision().state, nowMs: NOW_MS + 2 * MINUTE_MS });
    prolonged.keep('m0', 1, NOW_MS + HOUR_MS, 'called');
    const { state } = prolonged.decision();
    expect(state.spend.hourUsd).toBeCloseTo(1, 9);
    const later = open(statuses(WARM), { state, nowMs: NOW_MS + 3 * MINUTE_MS });
    later.release('m0', 'not wanted');
    expect(later.decision().state.spend.hourUsd).toBeCloseTo(0.25, 9);
  });

  test('without a price gives nothing back', () => {
    const book = open();
    book.warm('m0', 1, NOW_MS + HOUR_MS, 'wanted', 'run');
    const { spend } = book.decision().state;
    const gone = { ...HOLD, chargedAtMs: NOW_MS };
    const later = open({}, { state: { ...holding({ gone }), spend } });
    later.release('gone', 'not configured');
    expect(later.decision().state.holds).toEqual({});
    expect(later.decision().state.spend.hourUsd).toBe(spend.hourUsd);
  });
});

describe('a warm-up', () => {
  const stateAfter = (status: object | undefined, before: Partial<WarmState> = {}) => {
    const state = { ...holding({ m0: STARTED }), warmUps: { m0: WARM_UP }, ...before };
    return open(status ? statuses(status) : { components: {} }, { state }).decision().state;
  };

  test.each([
    ['a call is under way', { ...WARM, callsInFlight: 1 }, true],
    ['it was called since', { ...WARM, lastCallMs: STARTED.sinceMs + 1 }, true],
    ['it was called before', { ...WARM, lastCallMs: STARTED.sinceMs }, false],
    ['nothing has called it', WARM, false],
    ['it does not serve yet', { ...COLD, lastCallMs: NOW_MS }, false],
    ['nothing is known of it', undefined, false],
  ])('is of use if it was called once it served: %s', (_, status, isUsed) => {
    const { holds, warmUps, precision } = stateAfter(status);
    expect(holds).toEqual({ m0: STARTED });
    expect(warmUps).toEqual(isUsed ? {} : { m0: WARM_UP });
    expect(precision.used).toBe(isUsed ? 1 : 0);
    expect(precision.wasted).toBe(0);
  });

  test.each([
    ['copies serve', WARM, undefined],
    ['copies are on their way', { ...COLD, startingReadyAtMs: [NOW_MS] }, undefined],
    ['copies were called after it', { ...WARM, lastCallMs: NOW_MS }, { used: 1, wasted: 0 }],
    ['nothing is left of it', COLD, { used: 0, wasted: 1 }],
    ['nothing is known of it', undefined, { used: 0, wasted: 1 }],
  ])('that is held no more counts when its copies are called or gone: %s', (_, status, counted) => {
    for (const ended of [EMPTY_WARM_STATE, holding({ m0: { ...STARTED, untilMs: NOW_MS } })]) {
      const state = stateAfter(status, { holds: ended.holds });
      expect(state).toMatchObject({
        holds: {},
        warmUps: counted ? {} : { m0: WARM_UP },
        precision: counted ?? { used: 0, wasted: 0 },
      });
    }
  });

  test('counts once, and what started nothing does not', () => {
    const none = { used: 0, wasted: 0 };
    expect(stateAfter({ ...WARM, lastCallMs: NOW_MS }, { warmUps: {} }).precision).toMatchObject(none);
    expect(stateAfter(COLD, { holds: {}, warmUps: {} }).precision).toMatchObject(none);
  });

  test('is one with all that the same decision starts for the same purpose', () => {
    const book = open();
    for (const name of ['m0', 'm1']) book.warm(name, 1, NOW_MS + HOUR_MS, 'wanted', 'run');
    book.warm('m2', 1, NOW_MS + HOUR_MS, 'maybe', 'ahead');
    const { state } = book.decision();
    const half = { sinceMs: NOW_MS, share: 0.5, copies: 1, tailUsd: 1 / 6 };
    expect(state.warmUps).toEqual({ m0: half, m1: half, m2: { ...half, share: 1, isAhead: true } });
    const nowMs = NOW_MS + 2 * HOUR_MS;
    const gone = open(statuses({ ...WARM, lastCallMs: nowMs }), { state, nowMs }).decision().state;
    expect(gone.precision).toMatchObject({ used: 0.5, wasted: 0.5 });
    expect(gone.aheadPrecision).toMatchObject({ used: 0, wasted: 1 });
  });

  test('is one with copies that come to it before it was called', () => {
    const state = { ...holding({}), warmUps: { m0: WARM_UP } };
    const book = open(statuses(WARM), { state });
    book.warm('m0', 2, NOW_MS + HOUR_MS, 'maybe', 'ahead');
    expect(book.decision().state.warmUps).toEqual({ m0: { ...WARM_UP, copies: 2, tailUsd: 0.25 + 1 / 6 } });
  });
});

test('how long a component has been idle counts from its last call, or else from its start', () => {
  const state = holding({ m1: HOLD });
  const book = open(
    statuses({ lastCallMs: NOW_MS - 5_000 }, COLD, { callsInFlight: 1, lastCallMs: NOW_MS - HOUR_MS }),
    { state },
  );
  expect(book.idleMs('m0')).toBe(5_000);
  expect(book.idleMs('m1')).toBe(10 * MINUTE_MS);
  expect(book.idleMs('m2')).toBe(0);
  expect(open().idleMs('m0')).toBeUndefined();
  expect(book.idleMs('unknown')).toBeUndefined();
});

test('a component serves when the first of the copies that start does, and what cannot be warmed always has', () => {
  const book = open(
    statuses({ startingReadyAtMs: [NOW_MS + 9_000, NOW_MS + 5_000] }, { startingReadyAtMs: [NOW_MS] }),
    {
      state: holding({ m0: { ...HOLD, readyAtMs: NOW_MS + 7_000 } }),
    },
  );
  expect(book.readyInMs('m0')).toBe(5_000);
  expect(book.readyInMs('m1')).toBe(1);
  expect(book.readyInMs('m2')).toBeUndefined();
  expect(book.readyInMs('unknown')).toBe(-Infinity);
});

test('it asks again at the first time that is noted, but not within a second', () => {
  const book = open();
  expect(book.decision()).not.toHaveProperty('wakeAtMs');
  book.askAgainAt(NOW_MS + 5_000);
  book.askAgainAt(NOW_MS + 9_000);
  expect(book.decision().wakeAtMs).toBe(NOW_MS + 5_000);
  book.askAgainAt(NOW_MS);
  expect(book.decision().wakeAtMs).toBe(NOW_MS + 1_000);
});
