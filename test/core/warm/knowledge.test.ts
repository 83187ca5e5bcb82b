import {
  branchChancesOf,
  learnRun,
  NO_KNOWLEDGE,
  type NodeOutcome,
  nodeDurationsOf,
  quantileMs,
  type WarmGraph,
} from '../../../core/warm';
import { Expectations } from '../../../core/warm/expectations';

const GRAPH: WarmGraph = {
  name: 'route',
  nodes: [
    { id: 'split', needs: [], conditional: false },
    { id: 'search', needs: [0], component: 'search', conditional: true },
    { id: 'sum', needs: [1], conditional: true, guard: 1 },
  ],
};

const succeeded = (durationMs: number, width?: number): NodeOutcome => ({
  status: 'succeeded',
  durationMs,
  ...(width !== undefined && { width }),
});
const SKIPPED: NodeOutcome = { status: 'skipped', durationMs: 0 };

test('of a node that was skipped only its branch is learned, and of one without a branch only its duration', () => {
  const { branches, durations, widths } = learnRun(NO_KNOWLEDGE, GRAPH, { split: succeeded(3), search: SKIPPED }, 0);
  expect(Object.keys(durations)).toEqual(['route/split']);
  expect(branches).toEqual({ 'route/search': { afterTaken: { taken: 0, skipped: 1, atMs: 0 } } });
  expect(widths).toEqual({});
});

test('a node of whose guard nothing is told is taken to follow one that ran', () => {
  const { branches } = learnRun(NO_KNOWLEDGE, GRAPH, { sum: succeeded(1) }, 0);
  expect(branches).toEqual({ 'route/sum': { afterTaken: { taken: 1, skipped: 0, atMs: 0 } } });
});

test('how many calls a node makes at once is remembered from the first run on in which there are several', () => {
  const single = learnRun(NO_KNOWLEDGE, GRAPH, { search: succeeded(10, 1) }, 0);
  expect(single.widths).toEqual({});
  const several = learnRun(single, GRAPH, { search: succeeded(10, 5) }, 0);
  expect(several.widths).toEqual({ 'route/search': { weight: 1, mean: 5, atMs: 0 } });
  const again = learnRun(several, GRAPH, { search: succeeded(10) }, 0);
  expect(again.widths).toEqual({ 'route/search': { weight: 2, mean: 3, atMs: 0 } });
});

test('what calls no component is never judged cautiously', () => {
  const { afterTaken } = branchChancesOf(NO_KNOWLEDGE, GRAPH, () => true, 0);
  expect(afterTaken[0]).toBe(1);
  expect(afterTaken[1]).toBeLessThan(0.5);
  expect(afterTaken[2]).toBe(0.5);
});

test('before the first run a call is expected to take seconds, and a function of its own a millisecond', () => {
  const mediansMs = nodeDurationsOf(NO_KNOWLEDGE, GRAPH, 0).map((duration) => Math.round(quantileMs(duration, 0.5)));
  expect(mediansMs).toEqual([1, 5_600, 1]);
});

test('what is expected of a component is drawn once, and by itself', () => {
  const graph: WarmGraph = {
    name: 'pair',
    nodes: ['a', 'b', 'c'].map((component) => ({ id: component, needs: [], component, conditional: false })),
  };
  const coldStart = { meanLog: 10, sdLog: 0.4, reactionMs: 5, idlesMs: 0, staysMs: 0 };
  const expected = new Expectations(
    graph,
    NO_KNOWLEDGE,
    () => false,
    () => coldStart,
    0,
  );
  expect(expected.coldStart('a')).toBe(expected.coldStart('a'));
  expect(expected.coldStart('a').lateMs).toBe(quantileMs(coldStart, 0.9));
  const orders = ['a', 'b', 'c'].map((component) => expected.coldStart(component).drawnMs.join());
  expect(new Set([...orders, ...expected.durationsMs.map((drawnMs) => drawnMs.join())]).size).toBe(6);
});
