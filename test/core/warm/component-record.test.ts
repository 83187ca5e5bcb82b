import {
  type ComponentRecord,
  componentColdStart,
  expectedReadyAtMs,
  isDeclined,
  isKnownWarm,
  lookAt,
  meanMs,
  NO_KNOWLEDGE,
  quantileMs,
  statusOf,
} from '../../../core/warm';

const KEY = 'sagemaker/writer';
const BEGIN_MS = Date.UTC(2026, 0, 5);
const PATHS = {
  afresh: 'new-instance' as const,
  again: { path: 'cached-instance' as const, withinMs: 1_200_000 },
};

const look = (before: ComponentRecord | undefined, copies: number, desiredCopies: number, atMs: number) =>
  lookAt(KEY, before, { copies, desiredCopies }, PATHS, NO_KNOWLEDGE, BEGIN_MS + atMs);

test('a start lasts from when it was first seen until a copy serves', () => {
  const started = look(undefined, 0, 1, 0).record;
  const later = look(started, 0, 1, 60_000).record;
  expect(later.start).toEqual(started.start);
  const { record, ended } = look(later, 1, 1, 500_000);
  expect(ended).toEqual({ path: 'new-instance', durationMs: 500_000 });
  expect(record.start).toBeUndefined();
});

test('a start that is given up teaches nothing', () => {
  const started = look(undefined, 0, 1, 0).record;
  const givenUp = look(started, 0, 0, 60_000);
  expect(givenUp.record.start).toBeUndefined();
  expect(givenUp.ended).toBeUndefined();
});

test('a copy that was gone for a short time starts on the instance that it left', () => {
  const warm = look(undefined, 1, 1, 0).record;
  const cold = look(warm, 0, 0, 60_000).record;
  expect(look(cold, 0, 1, 120_000).record.start?.path).toBe('cached-instance');
  expect(look(cold, 0, 1, 2_000_000).record.start?.path).toBe('new-instance');
});

test('what is out of date is neither known to be warm nor to start', () => {
  const warm = look(undefined, 1, 1, 0).record;
  expect(isKnownWarm(warm, BEGIN_MS + 149_000)).toBe(true);
  expect(isKnownWarm(warm, BEGIN_MS + 150_000)).toBe(false);
  const starting = look(undefined, 0, 1, 0).record;
  expect(expectedReadyAtMs(starting, BEGIN_MS + 149_000)).toBe(starting.start!.readyAtMs);
  expect(expectedReadyAtMs(starting, BEGIN_MS + 150_000)).toBeUndefined();
  expect(statusOf(KEY, warm, PATHS, NO_KNOWLEDGE, undefined, BEGIN_MS + 150_000)).toMatchObject({
    copies: 0,
    startingReadyAtMs: [],
  });
});

test('what was seen before a call was refused is refuted by that', () => {
  const warm = look(undefined, 1, 1, 0).record;
  expect(isKnownWarm(warm, BEGIN_MS + 1_000, BEGIN_MS)).toBe(false);
  expect(isKnownWarm(warm, BEGIN_MS + 1_000, BEGIN_MS - 1)).toBe(true);
});

describe('what is declined', () => {
  const declined = { support: { atMs: BEGIN_MS, untilMs: BEGIN_MS + 60_000 } };
  const record = { ...look(undefined, 0, 0, 0).record, declined };

  test('is so for the runs of an agent, until the time is over or one of them calls it', () => {
    expect(isDeclined(record, 'support', BEGIN_MS + 59_000)).toBe(true);
    expect(isDeclined(record, 'support', BEGIN_MS + 60_000)).toBe(false);
    expect(isDeclined(record, 'sales', BEGIN_MS + 59_000)).toBe(false);
    expect(isDeclined(record, 'support', BEGIN_MS + 59_000, BEGIN_MS + 1_000)).toBe(false);
    expect(isDeclined(record, 'support', BEGIN_MS + 59_000, BEGIN_MS - 1_000)).toBe(true);
    expect(isDeclined(undefined, 'support', BEGIN_MS)).toBe(false);
  });

  test('stays so until something starts it', () => {
    expect(look(record, 0, 0, 30_000).record.declined).toEqual(declined);
    expect(look(record, 0, 1, 30_000).record.declined).toBeUndefined();
    expect(look(record, 1, 1, 30_000).record.declined).toBeUndefined();
  });
});

test('decisions see the copies that serve and when each of the others is expected to', () => {
  const { record } = look(undefined, 0, 2, 0);
  expect(statusOf(KEY, record, PATHS, NO_KNOWLEDGE, BEGIN_MS, BEGIN_MS + 1_000)).toEqual({
    copies: 0,
    startingReadyAtMs: [record.start!.readyAtMs, record.start!.readyAtMs],
    path: 'new-instance',
    callsInFlight: 0,
    lastCallMs: BEGIN_MS,
  });
});

const COLD_START = componentColdStart(NO_KNOWLEDGE, KEY, 'new-instance', BEGIN_MS);
const WAIT_MS = COLD_START.reactionMs + meanMs(COLD_START);
const LATE_MS = quantileMs(COLD_START, 0.9);

test('a record says what was seen, and of a start when it is expected to end', () => {
  expect(look(undefined, 0, 0, 0)).toStrictEqual({
    record: { observedAtMs: BEGIN_MS, copies: 0, desiredCopies: 0, coldStartMs: WAIT_MS },
  });
  expect(look(undefined, 0, 1, 0).record.start).toStrictEqual({
    path: 'new-instance',
    sinceMs: BEGIN_MS,
    readyAtMs: BEGIN_MS + LATE_MS,
  });
  expect(look(undefined, 2, 1, 0).record).toStrictEqual({
    observedAtMs: BEGIN_MS,
    copies: 2,
    desiredCopies: 1,
    coldStartMs: WAIT_MS,
    warmAtMs: BEGIN_MS,
  });
});

test('when more copies came is known if fewer were seen before, and as long as any serve', () => {
  const risenAtMs = (...counts: number[]) =>
    counts.reduce<ComponentRecord | undefined>(
      (record, copies, minute) => look(record, copies, 2, minute * 60_000).record,
      undefined,
    )!.risenAtMs;
  expect(risenAtMs(0, 1)).toBe(BEGIN_MS + 60_000);
  expect(risenAtMs(0, 1, 1)).toBe(BEGIN_MS + 60_000);
  expect(risenAtMs(0, 1, 2, 2)).toBe(BEGIN_MS + 120_000);
  expect(risenAtMs(0, 1, 2, 1)).toBe(BEGIN_MS + 120_000);
  expect(risenAtMs(0, 1, 0)).toBeUndefined();
  expect(risenAtMs(2)).toBeUndefined();
});

test('since when a component has served is known only if it was seen not to before', () => {
  const sinceMs = (record: ComponentRecord) => record.servesSinceMs;
  const first = look(look(undefined, 0, 1, 0).record, 1, 1, 60_000).record;
  expect(sinceMs(first)).toBe(BEGIN_MS + 60_000);
  const later = look(first, 1, 1, 120_000).record;
  expect(sinceMs(later)).toBe(BEGIN_MS + 60_000);
  const gone = look(later, 0, 0, 180_000).record;
  expect(gone).not.toHaveProperty('servesSinceMs');
  expect(gone.warmAtMs).toBe(BEGIN_MS + 120_000);
  expect(look(undefined, 1, 1, 0).record).not.toHaveProperty('servesSinceMs');

  const statusAt = (record: ComponentRecord, atMs: number) =>
    statusOf(KEY, record, PATHS, NO_KNOWLEDGE, undefined, BEGIN_MS + atMs);
  expect(statusAt(later, 130_000)).toStrictEqual({
    copies: 1,
    startingReadyAtMs: [],
    path: 'new-instance',
    servesSinceMs: BEGIN_MS + 60_000,
    callsInFlight: 0,
  });
  expect(statusAt(look(undefined, 1, 1, 0).record, 1_000)).not.toHaveProperty('servesSinceMs');
  expect(statusAt(later, 1_000_000)).not.toHaveProperty('servesSinceMs');
});

test('copies that join those which serve are expected a late start from now', () => {
  const { record } = look(undefined, 1, 3, 0);
  const nowMs = BEGIN_MS + 1_000;
  const { copies, startingReadyAtMs } = statusOf(KEY, record, PATHS, NO_KNOWLEDGE, undefined, nowMs);
  expect(copies).toBe(1);
  expect(startingReadyAtMs).toEqual([nowMs + LATE_MS, nowMs + LATE_MS]);
});

test('what was never seen, or was seen to do nothing, is neither known to be warm nor to start', () => {
  const idle = look(undefined, 0, 0, 0).record;
  for (const record of [undefined, idle]) {
    expect(isKnownWarm(record, BEGIN_MS)).toBe(false);
    expect(expectedReadyAtMs(record, BEGIN_MS)).toBeUndefined();
  }
  expect(isKnownWarm(look(undefined, 0, 1, 0).record, BEGIN_MS)).toBe(false);
});

test('a copy starts afresh from the very moment on at which the instance that it left may be gone', () => {
  const cold = look(look(undefined, 1, 1, 0).record, 0, 0, 60_000).record;
  expect(look(cold, 0, 1, 1_199_999).record.start?.path).toBe('cached-instance');
  expect(look(cold, 0, 1, 1_200_000).record.start?.path).toBe('new-instance');
});

test('where nothing is known to start again, a copy that is gone for a short time starts afresh', () => {
  const paths = { afresh: 'uncached-instance' as const };
  const at = (before: ComponentRecord | undefined, copies: number, atMs: number) =>
    lookAt(KEY, before, { copies, desiredCopies: 1 }, paths, NO_KNOWLEDGE, BEGIN_MS + atMs).record;
  expect(at(at(undefined, 1, 0), 0, 60_000).start?.path).toBe('uncached-instance');
});
