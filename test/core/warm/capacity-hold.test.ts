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
