import {
  type ComponentRecord,
  expectedReadyAtMs,
  isKnownWarm,
  lookAt,
  NO_KNOWLEDGE,
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
