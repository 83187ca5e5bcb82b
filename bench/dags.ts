export interface Dag {
  readonly id: DagId;
  readonly title: string;
  /** In topological order. */
  readonly nodes: readonly DagNode[];
}

export type DagId = 'chain' | 'fan' | 'layered' | 'skewed' | 'timed';

export interface DagNode {
  readonly id: string;
  /** Positions of the nodes it needs. */
  readonly needs: readonly number[];
  /** 0: the node does nothing, and a run of it shows what the engine costs. */
  readonly durationMs: number;
}

const LAYERS = 20;
const WIDTH = 50;
const EDGES = 3_000;
/** Of the edges beyond the one that keeps a node in its layer. */
const SKIPPING_SHARE = 0.2;

export const DAGS: readonly Dag[] = [
  { id: 'chain', title: 'chain of 10', nodes: chain(10) },
  { id: 'fan', title: '1-100-1', nodes: fan(100) },
  { id: 'layered', title: 'layered, 1,000 nodes, 3,000 edges', nodes: layered() },
  { id: 'skewed', title: 'skewed diamond, 5-(5-20 | 20-5)-5 ms', nodes: skewedDiamond() },
  { id: 'timed', title: 'layered, of 1-10 ms nodes', nodes: layered({ minMs: 1, maxMs: 10 }) },
];

/** What no engine can beat: the longest path. 0 if the nodes do nothing. */
export function criticalPathMs({ nodes }: Dag): number {
  const ends: number[] = [];
  for (const { needs, durationMs } of nodes) ends.push(durationMs + Math.max(0, ...needs.map((i) => ends[i]!)));
  return Math.max(...ends);
}

/** What every engine must answer: values that never crossed an edge would change it. */
export function checksumOf({ nodes }: Dag): number {
  const outputs: number[] = [];
  for (const { needs } of nodes) outputs.push(1 + Math.max(0, ...needs.map((i) => outputs[i]!)));
  return outputs.reduce((sum, output) => sum + output, 0);
}

/** The nodes by their distance from a root, for engines that run layer by layer. */
export function layersOf({ nodes }: Dag): number[][] {
  const depths: number[] = [];
  const layers: number[][] = [];
  nodes.forEach(({ needs }, i) => {
    const depth = 1 + Math.max(-1, ...needs.map((need) => depths[need]!));
    depths.push(depth);
    layers[depth] ??= [];
    layers[depth].push(i);
  });
  return layers;
}

function chain(length: number): DagNode[] {
  return Array.from({ length }, (_, i) => node(i, i === 0 ? [] : [i - 1]));
}

function fan(width: number): DagNode[] {
  const middle = Array.from({ length: width }, (_, i) => node(i + 1, [0]));
  return [
    node(0, []),
    ...middle,
    node(
      width + 1,
      middle.map((_, i) => i + 1),
    ),
  ];
}

/** Both branches take 25 ms: an engine that waits for whole layers takes 50 ms, where 35 would do. */
function skewedDiamond(): DagNode[] {
  return [node(0, [], 5), node(1, [0], 5), node(2, [0], 20), node(3, [1], 20), node(4, [2], 5), node(5, [3, 4], 5)];
}

/** The same graph at every call; the durations come last, so that they do not change its edges. */
function layered(durations?: { readonly minMs: number; readonly maxMs: number }): DagNode[] {
  const random = mulberry32(7);
  const below = (limit: number) => Math.floor(random() * limit);
  const needs = Array.from({ length: LAYERS * WIDTH }, (_, i) => {
    const layer = Math.floor(i / WIDTH);
    return new Set(layer === 0 ? [] : [(layer - 1) * WIDTH + below(WIDTH)]);
  });

  let left = EDGES - (LAYERS - 1) * WIDTH;
  let skipping = Math.round(left * SKIPPING_SHARE);
  while (left > 0) {
    const layersBack = skipping > 0 ? 2 + below(4) : 1;
    const layer = layersBack + below(LAYERS - layersBack);
    const needed = needs[layer * WIDTH + below(WIDTH)]!;
    const need = (layer - layersBack) * WIDTH + below(WIDTH);
    if (needed.has(need)) continue;
    needed.add(need);
    left--;
    if (skipping > 0) skipping--;
  }
  return needs.map((set, i) => {
    const durationMs = durations ? durations.minMs + below(durations.maxMs - durations.minMs + 1) : 0;
    return node(i, [...set], durationMs);
  });
}

function node(position: number, needs: readonly number[], durationMs = 0): DagNode {
  return { id: `n${position}`, needs, durationMs };
}

/** A generator of 32 bits of state: enough for a graph, and the same on every machine. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
