import fc from 'fast-check';
import { criticalPathMs, type PathNode } from '../../../sim/bounds/critical-path';

const diamond: readonly PathNode[] = [{ needs: [] }, { needs: [0] }, { needs: [0] }, { needs: [1, 2] }];

/** Graphs of up to seven nodes, with durations. */
const requests = fc
  .array(fc.record({ durationMs: fc.nat(1000), draws: fc.array(fc.nat(), { maxLength: 3 }) }), { maxLength: 7 })
  .map((list) => ({
    nodes: list.map(({ draws }, at) => ({ needs: at === 0 ? [] : draws.map((draw) => draw % at) })),
    durationsMs: list.map(({ durationMs }) => durationMs),
  }));

/** Of every chain of nodes that need each other, ending in `at`. */
function longestChainMs(nodes: readonly PathNode[], durationsMs: readonly number[], at: number): number {
  return durationsMs[at]! + Math.max(0, ...nodes[at]!.needs.map((need) => longestChainMs(nodes, durationsMs, need)));
}

test('branches run side by side: the longer one counts', () => {
  expect(criticalPathMs(diamond, [100, 700, 900, 50])).toBe(1050);
});

test('it is the longest chain of nodes that need each other', () => {
  fc.assert(
    fc.property(requests, ({ nodes, durationsMs }) => {
      const chains = nodes.map((_, at) => longestChainMs(nodes, durationsMs, at));
      expect(criticalPathMs(nodes, durationsMs)).toBe(Math.max(0, ...chains));
    }),
  );
});

test('it is at least the longest node and at most all nodes in a row', () => {
  fc.assert(
    fc.property(requests, ({ nodes, durationsMs }) => {
      const ms = criticalPathMs(nodes, durationsMs);
      expect(ms).toBeGreaterThanOrEqual(Math.max(0, ...durationsMs));
      expect(ms).toBeLessThanOrEqual(durationsMs.reduce((sum, duration) => sum + duration, 0));
    }),
  );
});

test('a failed node makes the request take for ever', () => {
  expect(criticalPathMs(diamond, [100, Infinity, 900, 50])).toBe(Infinity);
});

test('a graph out of order, or without a duration, is refused', () => {
  expect(() => criticalPathMs([{ needs: [1] }, { needs: [] }], [1, 1])).toThrow(
    'node 0 must need earlier nodes only, got: 1',
  );
  expect(() => criticalPathMs(diamond, [1, 1, 1])).toThrow('durationsMs[3] must not be negative, got: undefined');
});
