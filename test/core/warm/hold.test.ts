import { HOUR_MS, MINUTE_MS } from '../../../core/time-units';
import {
  EMPTY_WARM_STATE,
  type Hold,
  learnIdleTime,
  NO_KNOWLEDGE,
  WARM_POLICIES,
  type WarmKnowledge,
  type WarmState,
} from '../../../core/warm';
import { WarmView } from '../../../core/warm/warm-view';
import { chainOf } from './support/graphs';
import { COLD, configOf, newRequest, observe, WARM } from './support/worlds';

const NOW_MS = 1_000 * HOUR_MS;
const ONE = chainOf(1);
const { keepAlive, entryKeepAlive } = WARM_POLICIES;

function idleTimes(idleMs: number): WarmKnowledge {
  let knowledge = NO_KNOWLEDGE;
  for (let n = 0; n < 50; n++) knowledge = learnIdleTime(knowledge, 'm0', idleMs, NOW_MS);
  return knowledge;
}

function viewOf(knowledge: WarmKnowledge) {
  const view = new WarmView(observe(ONE, [], COLD, { knowledge }), configOf(ONE), NOW_MS);
  return { windows: view.keepAlive('m0', { pricePerHourUsd: 1.4 }).windows, leadMs: view.lateStartMs('m0') };
}

test('a hold ends no later than the time for which its idle times speak', () => {
  const knowledge = idleTimes(10 * MINUTE_MS);
  const [{ toMs } = { toMs: 0 }] = viewOf(knowledge).windows;
  expect(toMs).toBeGreaterThan(10 * MINUTE_MS);
  const observation = observe(ONE, [], { ...WARM, lastCallMs: NOW_MS - 8 * MINUTE_MS }, { knowledge });
  const [action] = keepAlive(EMPTY_WARM_STATE, observation, configOf(ONE), NOW_MS).actions;
  expect(action).toMatchObject({ type: 'hold', component: 'm0' });
  expect((action as { untilMs: number }).untilMs).toBeCloseTo(NOW_MS - 8 * MINUTE_MS + toMs, 3);
});

test('what has gone cold soon after a call is not started again for a next one', () => {
  const observation = observe(ONE, [], { ...COLD, lastCallMs: NOW_MS - MINUTE_MS });
  expect(keepAlive(EMPTY_WARM_STATE, observation, configOf(ONE), NOW_MS)).toMatchObject({ actions: [], reasons: [] });
});

test('what is started for a periodic call is held a quarter of an hour after it should serve', () => {
  const knowledge = idleTimes(24 * HOUR_MS);
  const { windows, leadMs } = viewOf(knowledge);
  const lastCallMs = NOW_MS - windows[1]!.fromMs + leadMs / 2;
  const observation = observe(ONE, [], { ...COLD, lastCallMs }, { knowledge });
  const { actions } = keepAlive(EMPTY_WARM_STATE, observation, configOf(ONE), NOW_MS);
  expect(actions).toEqual([expect.objectContaining({ type: 'warm', copies: 1 })]);
  expect((actions[0] as { untilMs: number }).untilMs).toBeCloseTo(NOW_MS + leadMs + 15 * MINUTE_MS, 3);
});

describe('of what is held', () => {
  const HELD: Hold = {
    copies: 1,
    sinceMs: NOW_MS - HOUR_MS,
    untilMs: NOW_MS + HOUR_MS,
    chargedUsd: 1,
    chargedAtMs: NOW_MS - HOUR_MS,
  };
  const holding = (name: string): WarmState => ({ ...EMPTY_WARM_STATE, holds: { [name]: HELD } });
  const knowledge = idleTimes(MINUTE_MS);
  const idle = { ...WARM, lastCallMs: NOW_MS - HOUR_MS };

  test('what is not configured any more is left to end', () => {
    const { actions, state } = keepAlive(holding('gone'), observe(ONE, []), configOf(ONE), NOW_MS);
    expect(actions).toEqual([]);
    expect(Object.keys(state.holds)).toEqual(['gone']);
  });

  test('what no open run may call any more is let go, and the reasons say since when it was idle', () => {
    const past = newRequest(ONE, { n0: { status: 'ended' } });
    const observation = observe(ONE, [past], idle, { knowledge });
    const { actions, reasons } = entryKeepAlive(holding('m0'), observation, configOf(ONE), NOW_MS);
    expect(actions.map(({ type }) => type)).toEqual(['release']);
    expect(reasons[0]).toMatch(/^m0: released: no open run may call it, idle for 3600\.0 s: the hazard of a call/);
    const coming = observe(ONE, [newRequest(ONE)], idle, { knowledge });
    expect(entryKeepAlive(holding('m0'), coming, configOf(ONE), NOW_MS).actions).toEqual([]);
  });
});
