import fc from 'fast-check';
import { DAY_MS } from '../../../core/time-units';
import {
  type BranchChances,
  branchChancesOf,
  learnRun,
  NO_KNOWLEDGE,
  type NodeOutcome,
  type Outcomes,
  reachOfAny,
  reachProbabilities,
  type WarmGraph,
} from '../../../core/warm';
import { branchyGraph } from './support/graphs';

/** A graph, and what became of its first nodes. */
const midRun = fc
  .tuple(branchyGraph, fc.nat(7), fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }))
  .map(([{ graph, chances }, resolved, luck]) => ({
    graph,
    chances,
    outcomes: graph.nodes.map(({ conditional }, at) => (at >= resolved ? undefined : conditional ? luck[at] : true)),
  }));

test('the probability that a node runs is that of the branch outcomes in which it does', () => {
  fc.assert(
    fc.property(midRun, ({ graph, chances, outcomes }) => {
      const reach = reachProbabilities(graph, chances, outcomes);
      for (const at of graph.nodes.keys()) {
        expect(reach[at]).toBeCloseTo(bruteForce(graph, chances, outcomes, [at]), 9);
        expect(reach[at]).toBeGreaterThanOrEqual(0);
        expect(reach[at]).toBeLessThanOrEqual(1);
      }
    }),
  );
});

test('the probability that any of several nodes runs is that of the branch outcomes in which one does', () => {
  fc.assert(
    fc.property(midRun, fc.array(fc.nat(6), { minLength: 1 }), ({ graph, chances, outcomes }, picks) => {
      const wanted = picks.filter((at) => at < graph.nodes.length);
      const any = reachOfAny(graph, chances, outcomes, wanted);
      expect(any).toBeCloseTo(bruteForce(graph, chances, outcomes, wanted), 9);
    }),
  );
});

/** Adds up all ways in which the branches can turn out. */
function bruteForce(graph: WarmGraph, chances: BranchChances, known: Outcomes, wanted: readonly number[]): number {
  const play = (at: number, ran: readonly boolean[]): number => {
    if (at === graph.nodes.length) return wanted.some((node) => ran[node]) ? 1 : 0;
    const outcome = known[at];
    if (outcome !== undefined) return play(at + 1, [...ran, outcome]);
    const { guard } = graph.nodes[at]!;
    const chance = (guard === undefined || ran[guard] ? chances.afterTaken : chances.afterSkipped)[at]!;
    return chance * play(at + 1, [...ran, true]) + (1 - chance) * play(at + 1, [...ran, false]);
  };
  return play(0, []);
}

const ROUTE: WarmGraph = {
  name: 'route',
  nodes: [
    { id: 'search', needs: [], component: 'search', conditional: true },
    { id: 'rank', needs: [0], component: 'ranker', conditional: true, guard: 0 },
  ],
};

function runOf(search: NodeOutcome['status'], rank: NodeOutcome['status']): Record<string, NodeOutcome> {
  return { search: { status: search, durationMs: 1 }, rank: { status: rank, durationMs: 1 } };
}

test('before the first run a branch is as likely as not', () => {
  const chances = branchChancesOf(NO_KNOWLEDGE, ROUTE, () => false, 0);
  expect(reachProbabilities(ROUTE, chances, [])).toEqual([0.5, 0.5]);
});

test('a node behind a branch learns what follows from either outcome', () => {
  let knowledge = NO_KNOWLEDGE;
  for (let i = 0; i < 98; i++) knowledge = learnRun(knowledge, ROUTE, runOf('succeeded', 'succeeded'), 0);
  for (let i = 0; i < 98; i++) knowledge = learnRun(knowledge, ROUTE, runOf('skipped', 'skipped'), 0);
  const chances = branchChancesOf(knowledge, ROUTE, () => false, 0);
  expect(reachProbabilities(ROUTE, chances, [true])[1]).toBeCloseTo(0.99);
  expect(reachProbabilities(ROUTE, chances, [false])[1]).toBeCloseTo(0.01);
});

test('a failed node teaches nothing about its branch', () => {
  expect(learnRun(NO_KNOWLEDGE, ROUTE, runOf('failed', 'stopped'), 0)).toEqual(NO_KNOWLEDGE);
});

test('a day later an answer counts half', () => {
  const learned = learnRun(NO_KNOWLEDGE, ROUTE, runOf('succeeded', 'succeeded'), 0);
  const chanceAt = (nowMs: number) => branchChancesOf(learned, ROUTE, () => false, nowMs).afterTaken[0];
  expect(chanceAt(0)).toBeCloseTo(2 / 3);
  expect(chanceAt(DAY_MS)).toBeCloseTo(1.5 / 2.5);
});

test('of what is dear, the 30th percentile of the posterior counts and not its mean', () => {
  const chances = branchChancesOf(NO_KNOWLEDGE, ROUTE, (component) => component === 'ranker', 0);
  expect(chances.afterTaken[0]).toBe(0.5);
  expect(chances.afterTaken[1]).toBeCloseTo(Math.sin(0.15 * Math.PI) ** 2);
});

test('three answers of no are enough not to warm what is dear', () => {
  let knowledge = NO_KNOWLEDGE;
  for (let i = 0; i < 3; i++) knowledge = learnRun(knowledge, ROUTE, runOf('skipped', 'skipped'), 0);
  const chanceIf = (isExpensive: boolean) => branchChancesOf(knowledge, ROUTE, () => isExpensive, 0).afterTaken[0];
  expect(chanceIf(true)).toBeLessThan(0.023);
  expect(chanceIf(false)).toBeCloseTo(0.2);
});
