import { tune } from '../../../../core/scale';
import { withoutWrite } from '../../../../core/scale/tuner/without-write';
import { breach, configOf, MINUTE, policyOf, START, writer } from './fixture';

const config = configOf({ writer });

/** A state whose last tick has lowered the target. */
function lowered() {
  const observation = { writer: breach(START, { policy: policyOf(10) }) };
  const { state, actions } = tune({ components: {} }, observation, config, START);
  expect(actions).toMatchObject([{ type: 'set-target', from: 10 }]);
  return state.components.writer!;
}

test('a write that was refused is neither awaited nor judged, and asked for again once the budget allows', () => {
  const after = lowered();
  const { canary: _, ...before } = after;
  const refused = withoutWrite(after, before);
  expect(refused.policy).toEqual({ known: policyOf(10) });
  expect(refused.canary).toBeUndefined();
  expect(refused.changes).toEqual(after.changes);

  const tickAt = (atMs: number) =>
    tune({ components: { writer: refused } }, { writer: breach(atMs, { windowMs: MINUTE }) }, config, atMs).actions;
  expect(tickAt(START + 2 * MINUTE)).toEqual([]);
  expect(tickAt(START + 6 * MINUTE)).toMatchObject([{ type: 'set-target', from: 10 }]);
});

test('a change that was watched before is watched on', () => {
  const after = lowered();
  const canary = { changedAtMs: START - MINUTE, watchMs: 10 * MINUTE, previous: policyOf(12) };
  expect(withoutWrite(after, { ...after, canary }).canary).toEqual(canary);
});
