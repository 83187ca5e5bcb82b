import {
  type ComponentConfig,
  type ComponentObservation,
  NO_TUNER_STATE,
  type SetMinimum,
  type TunerState,
  tune,
} from '../../../../core/scale';
import { actionsOfType, configOf, MINUTE, observed, START, slack, writer } from './fixture';

const config = configOf({ writer });

/** A scalable target whose minimum is what was written last. */
class Live {
  state: TunerState = NO_TUNER_STATE;
  minimumCopies = 1;
  readonly writes: (readonly [minute: number, copies: number])[] = [];

  tick(minute: number, more: Partial<ComponentObservation>, from = observed): readonly SetMinimum[] {
    const nowMs = START + minute * MINUTE;
    const observation = { ...from(nowMs, more), minimumCopies: this.minimumCopies };
    const { state, actions } = tune(this.state, { writer: observation }, config, nowMs);
    this.state = JSON.parse(JSON.stringify(state));
    const writes = actionsOfType(actions, 'set-minimum');
    for (const { copies } of writes) {
      this.minimumCopies = copies;
      this.writes.push([minute, copies]);
    }
    return writes;
  }
}

const load = (requestsPerSecond: number) => ({ requestsPerSecond, meanServiceSeconds: 1 });
const BURST = { meanServiceSeconds: 10, recentConcurrencyPerCopy: [30, 30, 30, 30, 30, 30] };

/** Slots of ten seconds, so that 60 arrivals of 10 s each are 60 requests at once: 6 copies at target 10. */
const arrivals = (minute: number) => [{ startMs: START + minute * MINUTE - 10_000, count: 60 }];

test('the minimum follows the demand up at once', () => {
  const live = new Live();
  const [write] = live.tick(0, load(42));
  expect(write).toMatchObject({ copies: 5 });
  expect(write!.untilMs).toBeUndefined();
  expect(write!.reasons[0]).toContain('forecast 42 concurrent requests in the next 240 s');
});

test('the minimum never leaves its bounds', () => {
  const live = new Live();
  live.tick(0, load(250));
  expect(live.writes).toEqual([[0, 20]]);
});

test('a floor is lowered a quarter of an hour after it was raised, at the earliest', () => {
  const live = new Live();
  live.tick(0, load(42));
  for (let minute = 1; minute < 200; minute++) live.tick(minute, load(2));
  const lowered = live.writes.filter(([, copies]) => copies < 5);
  expect(lowered[0]![0]).toBeGreaterThanOrEqual(15);
  expect(live.minimumCopies).toBe(1);
});

test('a burst raises the minimum for ten minutes', () => {
  const live = new Live();
  const [write] = live.tick(0, { ...load(1), ...BURST, arrivals: arrivals(0) });
  expect(write).toMatchObject({ copies: 6, untilMs: START + 10 * MINUTE });
  for (let minute = 1; minute < 10; minute++) expect(live.tick(minute, load(1))).toEqual([]);
  expect(live.tick(10, load(1))).toMatchObject([{ type: 'set-minimum', component: 'writer' }]);
  expect(live.minimumCopies).toBeLessThan(6);
});

test('nothing is scaled in while the guard is active', () => {
  const live = new Live();
  live.tick(0, { ...load(1), ...BURST, arrivals: arrivals(0) });
  for (let minute = 1; minute < 10; minute++) {
    const nowMs = START + minute * MINUTE;
    const { actions, state, reasons } = tune(
      live.state,
      { writer: { ...slack(nowMs), minimumCopies: 6 } },
      config,
      nowMs,
    );
    live.state = state;
    expect(actions).toEqual([]);
    if (minute >= 3) expect(reasons).toContain('writer: no scale-in while the burst guard is active');
  }
});

test('a minimum that another raised is left to them', () => {
  const live = new Live();
  live.tick(0, load(12));
  expect(live.minimumCopies).toBe(2);
  live.minimumCopies = 4;
  for (let minute = 1; minute < 90; minute++) live.tick(minute, load(1));
  expect(live.minimumCopies).toBe(4);
  live.minimumCopies = 2;
  live.tick(90, load(1));
  expect(live.minimumCopies).toBe(1);
});

describe('what was live before a raise', () => {
  test('is what a burst ends at', () => {
    const live = new Live();
    live.minimumCopies = 3;
    expect(live.tick(0, { ...load(1), ...BURST, arrivals: arrivals(0) })).toMatchObject([{ copies: 6, baseline: 3 }]);
    for (let minute = 1; minute < 120; minute++) live.tick(minute, load(1));
    expect(live.minimumCopies).toBe(3);
  });

  test('is what a schedule has set since, if it has', () => {
    const live = new Live();
    live.tick(0, load(42));
    live.minimumCopies = 3;
    live.tick(1, { ...load(42), ...BURST, arrivals: arrivals(1) });
    expect(live.minimumCopies).toBeGreaterThan(3);
    for (let minute = 2; minute < 200; minute++) live.tick(minute, load(1));
    expect(live.minimumCopies).toBe(3);
  });

  test('is not taken for what the tuner wrote the day before', () => {
    const live = new Live();
    live.tick(0, load(42));
    live.minimumCopies = 1;
    for (let minute = 1; minute < 60; minute++) live.tick(minute, load(1));
    live.minimumCopies = 5;
    for (let minute = 1440; minute < 1500; minute++) live.tick(minute, load(1));
    expect(live.minimumCopies).toBe(5);
  });
});

test('what a write replaced is ours only while that write may have been lost', () => {
  const live = new Live();
  live.tick(0, load(42));
  for (let minute = 1; minute < 120; minute++) live.tick(minute, load(1));
  expect(live.minimumCopies).toBe(1);
  const [, replaced] = live.writes.at(-2)!;
  live.minimumCopies = replaced;
  for (let minute = 1440; minute < 1500; minute++) live.tick(minute, load(1));
  expect(live.minimumCopies).toBe(replaced);
});

test('a lowering that was lost is written again after a minute', () => {
  const live = new Live();
  live.tick(0, load(42));
  let minute = 1;
  while (live.minimumCopies === 5) live.tick(minute++, load(1));
  const lowered = live.minimumCopies;
  live.minimumCopies = 5;
  live.tick(minute, load(1));
  expect(live.minimumCopies).toBeLessThanOrEqual(lowered);
});

test("a raise over a raise that was lost leaves the first one the tuner's", () => {
  const live = new Live();
  live.tick(0, load(12));
  live.tick(1, load(42));
  live.minimumCopies = 2;
  for (let minute = 10; minute < 120; minute++) live.tick(minute, load(1));
  expect(live.minimumCopies).toBe(1);
});

test('a minimum that was lost is written again after a minute', () => {
  const live = new Live();
  live.tick(0, load(42));
  live.minimumCopies = 1;
  live.tick(1, load(42));
  expect(live.writes).toEqual([
    [0, 5],
    [1, 5],
  ]);
});

describe('of a component that may be at zero copies, the minimum', () => {
  const minimumOf = (requestsPerSecond: number, keptCopy?: ComponentConfig['keptCopy']) => {
    const zeroable = configOf({ writer: { ...writer, minCopies: 0, ...(keptCopy && { keptCopy }) } });
    const observation = observed(START, { ...load(requestsPerSecond), minimumCopies: 0 });
    const { actions } = tune(NO_TUNER_STATE, { writer: observation }, zeroable, START);
    return actionsOfType(actions, 'set-minimum')[0]?.copies ?? 0;
  };

  test('is not raised for less than a copy of demand', () => {
    expect(minimumOf(9)).toBe(0);
  });

  test('follows a demand above one copy', () => {
    expect(minimumOf(11)).toBe(2);
  });

  test('is one copy while it is in use, if whole runs need it', () => {
    expect(minimumOf(0.1, 'in-use')).toBe(1);
    expect(minimumOf(0, 'in-use')).toBe(0);
    expect(minimumOf(11, 'in-use')).toBe(2);
  });

  test('is one copy for good, if whole runs need it then too', () => {
    expect(minimumOf(0, 'always')).toBe(1);
    expect(minimumOf(11, 'always')).toBe(2);
  });
});

test('a few calls at once that wait for the first copy are no burst, and a minute of them is', () => {
  const guarded = (startedAtMs: readonly number[]) => {
    const live = new Live();
    const [write] = live.tick(0, {
      ...load(0),
      ...BURST,
      copies: { desired: 0, inService: 0 },
      arrivals: startedAtMs.map((startMs) => ({ startMs, count: 20 })),
      meanServiceSeconds: 30,
      latency: undefined,
    });
    return write?.copies;
  };
  expect(guarded([START - 10_000])).toBeUndefined();
  expect(guarded(Array.from({ length: 8 }, (_, i) => START - (8 - i) * 10_000))).toBe(6);
});
