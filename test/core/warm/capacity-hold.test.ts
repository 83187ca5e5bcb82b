import * as fc from 'fast-check';
import { type CapacityHold, raiseCapacity, restoredCapacity, settled } from '../../../core/warm';

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
      expect(restoredCapacity(hold!, current, 0, MAX) ?? current).toBe(found);
    }),
  );
});

test('what somebody else has set last, and the warmer never, stays', () => {
  fc.assert(
    fc.property(capacity, warmer, capacity, (found, steps, others) => {
      const { hold } = steps.reduce<State>(play, { current: found });
      fc.pre(!hold!.set.includes(others));
      expect(restoredCapacity(hold!, others, 0, MAX)).toBeUndefined();
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
  expect(restoredCapacity({ found: 3, set: [4], isSet: true }, 4, 0, 2)).toBe(2);
});

test('what a deployment has configured since is not undone, though it is what the warmer had set', () => {
  const hold = { found: 0, set: [1], isSet: true };
  expect(restoredCapacity(hold, 1, 1, MAX)).toBeUndefined();
  expect(restoredCapacity({ ...hold, set: [2] }, 2, 1, MAX)).toBe(1);
});
