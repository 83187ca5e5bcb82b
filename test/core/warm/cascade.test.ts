import { HOUR_MS, MINUTE_MS } from '../../../core/time-units';
import {
  EMPTY_WARM_STATE,
  learnRun,
  meanMs,
  NO_KNOWLEDGE,
  quantileMs,
  WARM_POLICIES,
  type WarmConfig,
  type WarmGraph,
  type WarmState,
} from '../../../core/warm';
import { WarmView } from '../../../core/warm/warm-view';
import { chainOf } from './support/graphs';
import { COLD, configOf, newRequest, observe, WARM, warmed } from './support/worlds';

const NOW_MS = 1_000 * HOUR_MS;
const ONE = chainOf(1);
const { entry, entryForecast } = WARM_POLICIES;

const runs = (count: number, graph: WarmGraph = ONE) =>
  Array.from({ length: count }, (_, i) => newRequest(graph, {}, `r${i}`));
const manyCopies = (config: WarmConfig): WarmConfig => ({
  ...config,
  components: { m0: { pricePerHourUsd: 1.4, maxCopies: 3, concurrencyPerCopy: 4, delayPenaltyFactor: 500 } },
});

test('components are started in the order in which runs get to them, be it of different graphs', () => {
  const long = chainOf(2, 'long');
  const short: WarmGraph = {
    name: 'short',
    nodes: [{ id: 'a', needs: [], component: 'alone', conditional: false }],
  };
  const config = { ...configOf(long), graphs: { long, short } };
  const components = { ...config.components, alone: { pricePerHourUsd: 1.4 } };
  const observation = observe(long, [newRequest(long), newRequest(short, {}, 'r2')], COLD, {
    components: { m0: COLD, m1: COLD, alone: COLD },
  });
  const { actions } = entry(EMPTY_WARM_STATE, observation, { ...config, components }, NOW_MS);
  expect(warmed(actions)).toEqual(['m0', 'alone', 'm1']);
});

test('what cannot be warmed, or serves already, is left to others', () => {
  const observation = observe(ONE, runs(40), WARM);
  expect(entry(EMPTY_WARM_STATE, observation, manyCopies(configOf(ONE)), NOW_MS)).toMatchObject({
    actions: [],
    reasons: [],
  });
  const unknown = { ...configOf(ONE), components: {} };
  expect(entry(EMPTY_WARM_STATE, observe(ONE, runs(1)), unknown, NOW_MS).actions).toEqual([]);
});

test('more copies are asked for with the number of runs, and stay until late starts have served', () => {
  const config = manyCopies(configOf(ONE));
  const first = entry(EMPTY_WARM_STATE, observe(ONE, runs(1)), config, NOW_MS);
  const nowMs = NOW_MS + 5_000;
  const { actions } = entry(first.state, observe(ONE, runs(30)), config, nowMs);
  const lateMs = new WarmView(observe(ONE, []), config, nowMs).lateStartMs('m0');
  expect(actions).toEqual([
    expect.objectContaining({
      copies: 3,
      untilMs: nowMs + lateMs + config.limits.graceMs,
      readyAtMs: nowMs + lateMs,
      reason: '30 runs want more than the 1 copies that start have room for',
    }),
  ]);
});

test.each<[WarmConfig['costRule'], string]>([
  [undefined, 'marginal'],
  ['full', 'full'],
])('by the cost rule %p a start is weighed against its %s cost', (costRule, name) => {
  const config = { ...configOf(ONE), ...(costRule && { costRule }) };
  const { reasons } = entry(EMPTY_WARM_STATE, observe(ONE, runs(1)), config, NOW_MS);
  expect(reasons[0]).toMatch(new RegExp(`USD of waiting for \\d+\\.\\d{4} USD of ${name} cost$`));
});

test('a start that does not pay is not made, and the reasons say what it would have saved', () => {
  const config = { ...configOf(ONE), components: { m0: { pricePerHourUsd: 1.4, delayPenaltyFactor: 0 } } };
  const { actions, reasons } = entry(EMPTY_WARM_STATE, observe(ONE, runs(1)), { ...config, costRule: 'full' }, NOW_MS);
  expect(actions).toEqual([]);
  expect(reasons).toEqual([
    expect.stringMatching(
      /^m0: not warmed: called with probability 1\.00 by 1 runs, saves 0\.0000 USD of waiting for 0\.\d{4} USD of full cost$/,
    ),
  ]);
});

test('of a start that is put off the reasons say in how many seconds it is due', () => {
  const graph: WarmGraph = {
    name: 'late',
    nodes: [
      { id: 'wait', needs: [], conditional: false },
      { id: 'write', needs: [0], component: 'm0', conditional: false },
    ],
  };
  let knowledge = NO_KNOWLEDGE;
  for (let i = 0; i < 1_000; i++) {
    knowledge = learnRun(knowledge, graph, { wait: { status: 'succeeded', durationMs: 2 * HOUR_MS } }, NOW_MS);
  }
  const observation = observe(graph, [newRequest(graph)], COLD, { knowledge });
  const { reasons, wakeAtMs } = entry(EMPTY_WARM_STATE, observation, configOf(graph), NOW_MS);
  const seconds = ((wakeAtMs! - NOW_MS) / 1000).toFixed(1);
  expect(reasons).toEqual([`m0: not warmed yet: called with probability 1.00 by 1 runs, soon enough in ${seconds} s`]);
});

test('a floor is weighed as the wait for a whole start against a copy for as long as it is held', () => {
  const observation = observe(ONE, [], COLD, { floorCopies: { m0: 1 } });
  const { reasons } = entryForecast(EMPTY_WARM_STATE, observation, configOf(ONE), NOW_MS);
  const coldStart = new WarmView(observation, configOf(ONE), NOW_MS).coldStart('m0');
  const waitMs = meanMs(coldStart);
  const heldMs = 15 * MINUTE_MS + quantileMs(coldStart, 0.9);
  expect(reasons).toEqual([
    [
      'm0: warmed, 1 of 1 copies: a forecast asks for 1 copies',
      `entry would leave a wait of ${(waitMs / 1_000).toFixed(1)} s with probability 1.00: ` +
        `${((waitMs * 70) / HOUR_MS).toFixed(4)} USD of waiting for ${((heldMs * 1.4) / HOUR_MS).toFixed(4)} USD a copy`,
    ].join('; '),
  ]);
});

test('a floor that would spare nobody anything is not kept', () => {
  const free = { ...configOf(ONE), components: { m0: { pricePerHourUsd: 1.4, delayPenaltyFactor: 0 } } };
  const state: WarmState = EMPTY_WARM_STATE;
  const { actions, reasons } = entryForecast(state, observe(ONE, [], COLD, { floorCopies: { m0: 1 } }), free, NOW_MS);
  expect(actions).toEqual([]);
  expect(reasons[0]).toMatch(/^m0: floor not kept: /);
});
