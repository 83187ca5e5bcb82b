import type { ScalingModel } from '../../../sim/control/scaling-model';
import { Timeline } from '../../../sim/kernel/timeline';
import { inferenceComponent8b, singleGpuFleet } from '../../../sim/world/presets';
import { World } from '../../../sim/world/world';

/** Minutes of decoding: a request that stays in flight. */
const LONG = { promptTokens: 100, outputTokens: 100_000 };

function start(scaling: Partial<ScalingModel> = {}) {
  const timeline = new Timeline();
  const coldStart = { ...inferenceComponent8b.coldStart, variation: 0 };
  const fleet = {
    ...singleGpuFleet,
    instances: singleGpuFleet.instances.map((each) => ({ ...each, provisionVariation: 0 })),
  };
  const writer = { ...inferenceComponent8b, coldStart, scaling: { ...inferenceComponent8b.scaling, ...scaling } };
  const world = new World({ fleets: { gpu: fleet }, components: { writer } }, { timeline, seed: 1 });
  const component = world.models[0]!;
  return {
    timeline,
    component,
    scaler: component.autoscaler!,
    call: () => component.submit(LONG, { onDone: () => {} }),
    /** Desired copies at these seconds. */
    desiredAt: (...seconds: number[]) =>
      seconds.map((at) => {
        timeline.advanceTo(at * 1e6);
        return component.pool.desired;
      }),
  };
}

describe('a schedule', () => {
  test('sets limits at its times, every day', () => {
    const schedule = [
      { atSeconds: 3600, minCopies: 2 },
      { atSeconds: 7200, minCopies: 0, maxCopies: 1 },
      { atSeconds: 80_000, maxCopies: 4 },
    ];
    const { desiredAt, scaler } = start({ schedule });
    expect(desiredAt(3599, 3600, 7199, 7200)).toEqual([0, 2, 2, 1]);
    expect([scaler.minCopies, scaler.maxCopies]).toEqual([0, 1]);
    expect(desiredAt(86_400 + 3599, 86_400 + 3600)).toEqual([0, 2]);
  });

  test('keeps to its day of the week', () => {
    const { desiredAt } = start({ schedule: [{ dayOfWeek: 1, atSeconds: 60, minCopies: 3 }] });
    expect(desiredAt(86_400, 86_459, 86_460)).toEqual([0, 0, 3]);
  });
});

describe('a raised minimum', () => {
  test('holds until its time, and the highest of several counts', () => {
    const { scaler, desiredAt } = start();
    scaler.raiseMinimum(1, 1000e6);
    scaler.raiseMinimum(3, 500e6);
    expect([scaler.minCopies, ...desiredAt(0, 499)]).toEqual([3, 3, 3]);
    desiredAt(500);
    expect(scaler.minCopies).toBe(1);
    desiredAt(1000);
    expect(scaler.minCopies).toBe(0);
    // Without load, the copies go by the rule alone.
    expect(desiredAt(3000)).toEqual([0]);
  });

  test('can be let go of before its time', () => {
    const { scaler, desiredAt } = start();
    const letGo = scaler.raiseMinimum(2, 5000e6);
    letGo();
    letGo();
    expect(scaler.minCopies).toBe(0);
    expect(desiredAt(4000)).toEqual([0]);
  });

  test('never exceeds the maximum, also one that comes later', () => {
    const { scaler, desiredAt } = start({ maxCopies: 4 });
    scaler.raiseMinimum(9, 1000e6);
    expect([scaler.minCopies, ...desiredAt(0)]).toEqual([4, 4]);
    scaler.setLimits({ maxCopies: 2 });
    expect([scaler.minCopies, ...desiredAt(1)]).toEqual([2, 2]);
  });
});

describe('from zero', () => {
  test('the first refused call starts one copy after the alarm, however many follow', () => {
    const { call, desiredAt, timeline } = start({ fromZeroAfterSeconds: 60 });
    timeline.advanceTo(5e6);
    call();
    timeline.advanceTo(30e6);
    call();
    expect(desiredAt(64, 65, 130)).toEqual([0, 1, 1]);
  });

  test('nothing starts where the maximum is zero', () => {
    const { call, desiredAt } = start({ maxCopies: 0 });
    call();
    expect(desiredAt(3600)).toEqual([0]);
  });

  test('the alarm comes again after the copies have gone', () => {
    const { call, component, desiredAt } = start();
    call();
    desiredAt(61);
    component.setDesiredCopies(0);
    call();
    expect(desiredAt(120, 121)).toEqual([0, 1]);
  });
});

describe('the metric', () => {
  test.each([
    [0, 10],
    [10, 20],
    [25, 40],
    [60, 70],
  ])('with a lag of %p s, the first period is known after %p s', (publicationLagSeconds, knownAtSeconds) => {
    const { rule } = inferenceComponent8b.scaling;
    const { scaler, timeline, call } = start({ minCopies: 1, rule: { ...rule, publicationLagSeconds } });
    timeline.advanceTo(5e6);
    call();
    timeline.advanceTo(knownAtSeconds * 1e6 - 1);
    expect(scaler.lastPeriod).toBeUndefined();
    timeline.advanceTo(knownAtSeconds * 1e6);
    expect(scaler.lastPeriod).toEqual({
      endSeconds: 10,
      averageConcurrency: 0.5,
      peakConcurrency: 1,
      copiesInService: 1,
      desiredCopies: 1,
    });
  });

  test('a target that is moved counts from the next decision', () => {
    const { scaler, call, desiredAt } = start({ minCopies: 1, targetConcurrency: 100 });
    for (let at = 0; at < 12; at++) call();
    expect(desiredAt(300)).toEqual([1]);
    scaler.setTarget(4);
    expect(desiredAt(320, 330)).toEqual([1, 3]);
  });
});

test('a cooldown that is set with a target holds in place of that of the model', () => {
  const rule = { ...inferenceComponent8b.scaling.rule, inAfterSeconds: 60 };
  const idleAfterRaise = (cooldownSeconds?: number) => {
    const { scaler, call, desiredAt } = start({ minCopies: 1, rule });
    scaler.setTarget(5, cooldownSeconds);
    for (let at = 0; at < 12; at++) call();
    expect(desiredAt(40)).toEqual([3]);
    scaler.setTarget(100, cooldownSeconds);
    return desiredAt(330, 340, 930, 940);
  };
  expect(idleAfterRaise()).toEqual([3, 1, 1, 1]);
  expect(idleAfterRaise(900)).toEqual([3, 3, 3, 1]);
});

describe('an observer', () => {
  test('hears of every period and of every change with its cause', () => {
    const { scaler, call, desiredAt } = start();
    const concurrency: number[] = [];
    const changes: object[] = [];
    scaler.observe({
      onPeriod: ({ peakConcurrency }) => concurrency.push(peakConcurrency),
      onChange: (change) => changes.push(change),
    });
    call();
    // A minute to the first copy, and 260 s until it serves.
    desiredAt(325);
    for (let calls = 0; calls < 9; calls++) call();
    // Three periods, the last of which is out 10 s after its end.
    desiredAt(390);
    scaler.setLimits({ maxCopies: 1 });
    expect(concurrency).toEqual([...Array(32).fill(0), ...Array(7).fill(9)]);
    expect(changes).toEqual([
      { atSeconds: 60, fromCopies: 0, toCopies: 1, cause: 'refused-call' },
      { atSeconds: 360, fromCopies: 1, toCopies: 2, cause: 'load' },
      { atSeconds: 390, fromCopies: 2, toCopies: 1, cause: 'limits' },
    ]);
  });
});

test('what may not scale out, in or from zero does not', () => {
  const { scaler, call, desiredAt } = start({ minCopies: 1 });
  scaler.scalesOut = false;
  const calls = Array.from({ length: 9 }, call);
  expect(desiredAt(100)).toEqual([1]);
  scaler.scalesOut = true;
  expect(desiredAt(200)).toEqual([2]);
  scaler.scalesIn = false;
  for (const each of calls) if (typeof each !== 'string') each.cancel();
  expect(desiredAt(3000)).toEqual([2]);
  scaler.scalesIn = true;
  expect(desiredAt(6000)).toEqual([1]);

  const asleep = start();
  asleep.scaler.startsFromZero = false;
  asleep.call();
  expect(asleep.desiredAt(1000)).toEqual([0]);
});
