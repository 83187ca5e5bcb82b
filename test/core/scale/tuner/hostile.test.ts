import { type ComponentObservation, NO_TUNER_STATE, tune } from '../../../../core/scale';
import { band, breach, configOf, MINUTE, START, writer } from './fixture';

const config = configOf({ writer });

/** What goes wrong with a component that would otherwise be changed at once. */
const faults: readonly (readonly [string, Partial<ComponentObservation>, string])[] = [
  ['NaN', { latency: { ...band(2000), p95Ms: NaN } }, 'latency.p95Ms is no amount: NaN'],
  ['a negative latency', { latency: { ...band(2000), lowMs: -1 } }, 'latency.lowMs is no amount: -1'],
  ['an infinite latency', { latency: { ...band(2000), highMs: Infinity } }, 'latency.highMs is no amount: Infinity'],
  [
    'slack of NaN',
    { slackEvidence: { windowMs: MINUTE, latency: { ...band(300), highMs: NaN } } },
    'slackEvidence.latency.highMs is no amount: NaN',
  ],
  [
    'slack in seconds',
    { slackEvidence: { windowMs: MINUTE, latency: band(0.3) } },
    'P95 0.3 ms is implausible beside an objective of 1000 ms: check its unit',
  ],
  ['a negative concurrency', { concurrencyPerCopy: -3 }, 'concurrencyPerCopy is no amount: -3'],
  ['a share beyond one', { waitShare: 20 }, 'waitShare is above 1: 20'],
  ['a negative count', { rejects: -1 }, 'rejects is no amount: -1'],
  ['a target of NaN', { policy: { ...breach(START).policy, target: NaN } }, 'policy.target is no amount: NaN'],
  ['a target of 0', { policy: { ...breach(START).policy, target: 0 } }, 'policy.target is 0'],
  ['arrivals of NaN', { arrivals: [{ startMs: START, count: NaN }] }, 'arrivals holds what is no amount: NaN'],
  ['samples below zero', { recentConcurrencyPerCopy: [1, -1] }, 'recentConcurrencyPerCopy holds what is no amount: -1'],
  [
    'more violations than requests',
    { outcomes: [{ startMs: START, requests: 1, violations: 2, rejects: 0 }] },
    'outcomes hold an impossible minute: {"startMs":1777852800000,"requests":1,"violations":2,"rejects":0}',
  ],
  ['metrics of eleven minutes ago', { measuredAtMs: START - 11 * MINUTE }, 'no metrics for 11 min'],
  ['metrics of tomorrow', { measuredAtMs: START + 61_000 }, 'metrics are from the future, 61 s ahead'],
  [
    'a P95 outside its band',
    { latency: { ...band(2000), lowMs: 2001 } },
    'the P95 lies outside its band: 2000 ms in [2001, 2040] ms',
  ],
  [
    'microseconds',
    { latency: band(2_000_000) },
    'P95 2000000 ms is implausible beside an objective of 1000 ms: check its unit',
  ],
  ['seconds', { latency: band(2) }, 'P95 2 ms is implausible beside an objective of 1000 ms: check its unit'],
];

test.each(faults)('%s cause no action and are not learned from', (_, wrong, fault) => {
  const { state, actions, reasons } = tune(NO_TUNER_STATE, { writer: breach(START, wrong) }, config, START);
  expect(actions).toEqual([]);
  expect(reasons).toEqual([`writer: ${fault}: nothing done`]);
  expect(state.components.writer!.fit.updates).toBe(0);
});

test('a component without metrics is left alone', () => {
  const { actions, reasons } = tune(NO_TUNER_STATE, {}, config, START);
  expect({ actions, reasons }).toEqual({ actions: [], reasons: ['writer: no metrics: nothing done'] });
});

test('metrics that are ten minutes old are just fresh enough', () => {
  const late = breach(START, { measuredAtMs: START - 10 * MINUTE });
  expect(tune(NO_TUNER_STATE, { writer: late }, config, START).actions).toHaveLength(1);
});

test('a stopped component keeps its state until its metrics come back', () => {
  const first = tune(NO_TUNER_STATE, { writer: breach(START) }, config, START);
  const later = tune(first.state, {}, config, START + MINUTE);
  expect(later.state.components).toEqual(first.state.components);
});
