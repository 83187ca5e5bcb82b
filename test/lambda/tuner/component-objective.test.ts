import { ledgerStory } from '../../../bin/tuning/ledger-story';
import type { ComponentShare } from '../../../core/scale/component-shares';
import type { AgentSplit } from '../../../lambda/tuner/agent-split';
import { componentObjective, splitReason } from '../../../lambda/tuner/component-objective';
import type { Seen } from '../../../lambda/tuner/ledger';
import { deploymentOf } from './tuned-stack';

const { agents, components, ...rest } = deploymentOf();
const { objectiveMs: _, ...writer } = components.writer!;
const deployment = { ...rest, agents: { support: agents.support!, sales: agents.support! }, components: { writer } };
const group = { agents: ['support', 'sales'], components: ['writer'] };

const NOW_MS = 1_700_000_000_000;

const splitOf = (share: Partial<ComponentShare>, more: Partial<AgentSplit> = {}): AgentSplit => ({
  lookedAtMs: NOW_MS,
  stretch: 1.25,
  components: {
    writer: { objectiveMs: 2000, proportionalMs: 1600, criticality: 0.4, basis: 'cost', ...share },
  },
  cost: { usdPerHour: 4.154, proportionalUsdPerHour: 5.022 },
  ...more,
});

const loose = splitOf({ objectiveMs: 4000, criticality: 0.9 });
const splits = new Map([
  ['sales', loose],
  ['support', splitOf({})],
]);
const objective = componentObjective(deployment, group, splits, 'writer')!;

test('a component that agents share keeps the strictest of its shares, and matters as much as to any', () => {
  expect(objective).toEqual({
    objectiveMs: 2500,
    criticality: 0.9,
    split: { agent: 'support', basis: 'cost', proportionalMs: 2000, stretch: 1.25 },
  });
});

test('an objective of its own is no share', () => {
  const own = { ...deployment, components: { writer: { ...writer, objectiveMs: 700 } } };
  expect(componentObjective(own, group, splits, 'writer')).toEqual({ objectiveMs: 700, criticality: 0.9 });
  expect(
    componentObjective(own, group, new Map([...splits.keys()].map((name) => [name, { stretch: 1 }])), 'writer'),
  ).toEqual({ objectiveMs: 700, criticality: 1 });
});

test('without a share there is no objective', () => {
  const none = new Map([...splits.keys()].map((name) => [name, { stretch: 1 }]));
  expect(componentObjective(deployment, group, none, 'writer')).toBeUndefined();
});

test.each<[what: string, split: AgentSplit, told: string]>([
  [
    'by cost',
    splitOf({}),
    'its share of the objective of support: 2500 ms, by what copies cost, 2000 ms in proportion; all shares stretched 1.25 times; copies are to cost $4.15 an hour, $5.02 in proportion',
  ],
  [
    'by cost, where proportional shares cannot be kept',
    splitOf({}, { cost: { usdPerHour: 4.154, proportionalUsdPerHour: null } }),
    'its share of the objective of support: 2500 ms, by what copies cost, 2000 ms in proportion; all shares stretched 1.25 times; copies are to cost $4.15 an hour, in proportion none would be enough',
  ],
  [
    'in proportion',
    splitOf({ basis: 'proportional', objectiveMs: 1600 }),
    'its share of the objective of support: 2000 ms, in proportion to what calm calls take; all shares stretched 1.25 times',
  ],
])('the ledger tells a share %s when it was looked at, and only then', (_, split, told) => {
  const of = new Map([
    ['sales', loose],
    ['support', split],
  ]);
  const found = componentObjective(deployment, group, of, 'writer')!;
  expect(splitReason(found, of, NOW_MS)).toEqual([told]);
  expect(splitReason(found, of, NOW_MS + 60_000)).toEqual([]);
});

test('an objective of its own has nothing to tell', () => {
  expect(splitReason({ objectiveMs: 700, criticality: 1 }, splits, NOW_MS)).toEqual([]);
});

test.each<[seen: Partial<Seen>, told: string]>([
  [{ split: objective.split! }, "objective 2500 ms (share of support's, by cost; 2000 in proportion);"],
  [{ split: { ...objective.split!, basis: 'proportional' } }, "objective 2500 ms (share of support's, in proportion);"],
  [{}, 'objective 2500 ms; '],
])('each look is explained with how its objective was found: %j', (seen, told) => {
  const entry = {
    mode: 'act' as const,
    seen: {
      objectiveMs: 2500,
      measuredAtMs: NOW_MS,
      windowMs: 60_000,
      requests: 0,
      requestsPerSecond: 0,
      target: 4,
      copies: 1,
      desiredCopies: 1,
      minimumCopies: 1,
      coldStarts: 0,
      rejects: 0,
      readyP90Seconds: 300,
      ...seen,
    },
    reasons: [],
    actions: [],
  };
  expect(ledgerStory('writer', [{ at: '2026-11-23T12:00:00.000Z', entry }])).toContain(told);
});
