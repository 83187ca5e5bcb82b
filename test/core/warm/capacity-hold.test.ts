import * as fc from 'fast-check';
import { type CapacityHold, raiseCapacity, releaseCapacity, settled } from '../../../core/warm';

const MAX = 5;

const capacity = fc.integer({ min: 0, max: MAX });

/** What may happen while a hold lasts: the warmer raises, and it comes about or is lost; or somebody else sets it. */
const step = fc.oneof(
  fc.record({ wanted: fc.integer({ min: 1, max: MAX }), fate: fc.constantFrom('done', 'lost', 'unconfirmed') }),
  fc.record({ others: capacity }),
);

interface State {
  readonly current: number;
  readonly hold?: CapacityHold;
}

function play({ current, hold }: State, taken: { wanted?: number; fate?: string; others?: number }): State {
  if (taken.others !== undefined) return { current: taken.others, ...(hold && { hold }) };
  const change = raiseCapacity(hold, current, taken.wanted!, MAX);
  if (change.value === undefined) return { current, hold: change.hold };
  if (taken.fate === 'lost') return { current, hold: change.hold };
  return { current: change.value, hold: taken.fate === 'done' ? settled(change.hold) : change.hold };
}

const warmer = fc.array(
  step.filter((each) => 'wanted' in each),
  { minLength: 1, maxLength: 8 },
);

test('whatever of its changes came about, the warmer restores exactly what it found', () => {
  fc.assert(
    fc.property(capacity, warmer, (found, steps) => {
      const { current, hold } = steps.reduce<State>(play, { current: found });
      expect(releaseCapacity(hold!, current, 0, MAX).value ?? current).toBe(found);
    }),
  );
});

test('what somebody else has set last, and the warmer never, stays', () => {
  fc.assert(
    fc.property(capacity, warmer, capacity, (found, steps, others) => {
      const { hold } = steps.reduce<State>(play, { current: found });
      fc.pre(!hold!.set.includes(others));
      expect(releaseCapacity(hold!, others, 0, MAX).value).toBeUndefined();
    }),
  );
});

test('the warmer never sets less than it found, nor more than the maximum', () => {
  fc.assert(
    fc.property(capacity, fc.array(step, { maxLength: 8 }), fc.integer({ min: 1, max: 9 }), (found, steps, wanted) => {
      const { current, hold } = steps.reduce<State>(play, { current: found });
      const { value } = raiseCapacity(hold, current, wanted, MAX);
      if (value === undefined) return;
      expect(value).toBeGreaterThanOrEqual(hold?.found ?? current);
      expect(value).toBeLessThanOrEqual(MAX);
    }),
  );
});

test('what somebody else has changed is not raised again while the hold lasts', () => {
  const raised = settled(raiseCapacity(undefined, 0, 2, MAX).hold);
  const { hold, value } = raiseCapacity(raised, 1, 2, MAX);
  expect(value).toBeUndefined();
  expect(raiseCapacity(hold, 1, 3, MAX).value).toBeUndefined();
});

test('of a maximum that was lowered since, no more than that is restored', () => {
  expect(releaseCapacity({ found: 3, set: [4], isSet: true }, 4, 0, 2)).toEqual({ value: 2 });
});

test('what a deployment has configured since is not undone, though it is what the warmer had set', () => {
  const hold = { found: 0, set: [1], isSet: true };
  expect(releaseCapacity(hold, 1, 1, MAX)).toEqual({});
  expect(releaseCapacity({ ...hold, set: [2] }, 2, 1, MAX)).toEqual({ value: 1 });
});

/** Lets go as often as somebody asks, and does what that takes. */
function letGo({ current, hold }: State, configured = 0): State {
  if (!hold) return { current };
  const release = releaseCapacity(hold, current, configured, MAX);
  return { current: release.value ?? current, ...(release.hold && { hold: release.hold }) };
}

const raised = (state: State, wanted: number) => play(state, { wanted, fate: 'done' });

test('what others raise further and bring back to what the warmer had set ends at what was found', () => {
  const waiting = letGo({ ...raised({ current: 0 }, 1), current: 3 });
  expect(waiting).toMatchObject({ current: 3, hold: { found: 0, isReleased: true } });
  expect(letGo({ ...waiting, current: 1 })).toEqual({ current: 0 });
});

test('what others raise further and then set below what the warmer had set is theirs', () => {
  const waiting = letGo({ ...raised({ current: 0 }, 2), current: 3 });
  expect(letGo({ ...waiting, current: 1 })).toEqual({ current: 1 });
});

test('a deployment that configures what the warmer had set, or more, is not waited for', () => {
  expect(letGo({ ...raised({ current: 0 }, 1), current: 3 }, 1)).toEqual({ current: 3 });
});

test('however the warmer and another raise over each other and let go, what was found at first comes back', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: MAX }), { maxLength: 12 }), (steps) => {
      let state: State = { current: 0 };
      /** The other raises over what it finds, and goes back to that if nobody else has set it since. */
      let other: { readonly raised: number; readonly found: number } | undefined;
      let isHeld = false;
      const end = () => {
        if (other && state.current === other.raised) state = { ...state, current: other.found };
        if (other && state.current <= other.found) other = undefined;
      };
      for (const wanted of steps) {
        if (wanted === 0) end();
        else if (wanted % 2 === 0 && !other && wanted > state.current) {
          other = { raised: wanted, found: state.current };
          state = { ...state, current: wanted };
        } else if (isHeld) {
          state = letGo(state);
          isHeld = false;
        } else {
          const { hold, value } = raiseCapacity(state.hold, state.current, wanted, MAX);
          state = { current: value ?? state.current, hold: value === undefined ? hold : settled(hold) };
          isHeld = true;
        }
      }
      for (let round = 0; round < 4; round++) {
        state = letGo(state);
        end();
      }
      expect(letGo(state)).toEqual({ current: 0 });
    }),
  );
});

describe('what is written down before a capacity is changed', () => {
  const HELD: CapacityHold = { found: 0, set: [1], isSet: true };

  test('is what was found and what it is to be, and that this has not come about', () => {
    expect(raiseCapacity(undefined, 0, 2, MAX)).toStrictEqual({
      hold: { found: 0, set: [2], isSet: false },
      value: 2,
    });
    expect(settled({ found: 0, set: [2], isSet: false })).toStrictEqual({ found: 0, set: [2], isSet: true });
  });

  test('is all that it may be by now, the last change last, until that has come about', () => {
    const once = raiseCapacity(HELD, 1, 2, MAX);
    expect(once).toStrictEqual({ hold: { found: 0, set: [1, 2], isSet: false }, value: 2 });
    expect(raiseCapacity(once.hold, 2, 1, MAX).hold.set).toEqual([2, 1]);
    expect(settled(once.hold)).toStrictEqual({ found: 0, set: [2], isSet: true });
  });

  test('is that it is as it should be, if it is', () => {
    expect(raiseCapacity(undefined, 3, 2, MAX)).toStrictEqual({ hold: { found: 3, set: [3], isSet: true } });
    expect(raiseCapacity({ ...HELD, set: [2, 1], isSet: false }, 1, 1, MAX)).toStrictEqual({ hold: HELD });
  });

  test('is that others have set it, to what was found as well, once it is known that the warmer had raised it', () => {
    const yielded = { ...HELD, isYielded: true };
    expect(raiseCapacity(HELD, 0, 2, MAX)).toStrictEqual({ hold: yielded });
    expect(raiseCapacity({ ...HELD, isSet: false }, 2, 2, MAX)).toStrictEqual({ hold: yielded });
    expect(raiseCapacity({ ...HELD, isSet: false }, 0, 2, MAX).value).toBe(2);
  });

  test('is still that others have set it when they come back to what the warmer had', () => {
    const yielded = { ...HELD, isYielded: true };
    expect(raiseCapacity(yielded, 1, 2, MAX)).toStrictEqual({ hold: yielded });
    expect(raiseCapacity({ ...HELD, isYielded: false }, 1, 2, MAX).value).toBe(2);
  });
});

describe('what was let go while others had raised it further', () => {
  const waiting: CapacityHold = { found: 0, set: [1], isSet: true, isReleased: true };

  test.each([
    { wanted: 2, max: MAX },
    { wanted: 3, max: MAX },
    { wanted: 9, max: 3 },
  ])('stays as it is if $wanted of at most $max are wanted and others keep 3', ({ wanted, max }) => {
    expect(raiseCapacity(waiting, 3, wanted, max)).toStrictEqual({ hold: waiting });
  });

  test('waits beneath a raise over theirs', () => {
    const over = raiseCapacity(waiting, 3, 4, MAX);
    expect(over).toStrictEqual({ hold: { found: 3, set: [4], isSet: false, beneath: waiting }, value: 4 });
    expect(raiseCapacity(over.hold, 4, 4, MAX)).toStrictEqual({
      hold: { found: 3, set: [4], isSet: true, beneath: waiting },
    });
    expect(releaseCapacity(over.hold, 4, 0, MAX)).toStrictEqual({ value: 3, hold: waiting });
  });

  test("is the warmer's again when they come back to what it had set", () => {
    expect(raiseCapacity(waiting, 1, 2, MAX)).toStrictEqual({
      hold: { found: 0, set: [1, 2], isSet: false },
      value: 2,
    });
  });

  test('is over when they set it lower than that', () => {
    expect(raiseCapacity(waiting, 0, 2, MAX)).toStrictEqual({ hold: { found: 0, set: [2], isSet: false }, value: 2 });
  });

  test('comes to light again when they leave the raise over it as well', () => {
    const twice: CapacityHold = { found: 3, set: [4], isSet: true, isReleased: true, beneath: waiting };
    expect(raiseCapacity(twice, 3, 3, MAX)).toStrictEqual({ hold: waiting });
    expect(raiseCapacity(twice, 1, 2, MAX).hold).toStrictEqual({ found: 0, set: [1, 2], isSet: false });
    expect(raiseCapacity(twice, 0, 2, MAX).hold).toStrictEqual({ found: 0, set: [2], isSet: false });
  });

  test('waits for them only if they are above all that the warmer may have set, and its configuration is not', () => {
    const unsure: CapacityHold = { found: 0, set: [1, 4], isSet: false };
    expect(releaseCapacity(unsure, 5, 2, MAX)).toStrictEqual({ hold: { ...unsure, isReleased: true } });
    expect(releaseCapacity({ ...unsure, isYielded: true }, 5, 2, MAX)).toStrictEqual({
      hold: { ...unsure, isReleased: true },
    });
    expect(releaseCapacity(unsure, 5, 4, MAX)).toEqual({});
  });
});

test('what is as it was found is left alone, whatever its configuration wants since', () => {
  expect(releaseCapacity({ found: 2, set: [2], isSet: true }, 2, 3, MAX)).toEqual({});
});
