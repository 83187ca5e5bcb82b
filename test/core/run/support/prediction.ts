import {
  DEFAULT,
  digest,
  FIRST_CHUNK_MS,
  type GraphShape,
  type ItemShape,
  idOf,
  isSkipped,
  itemsOf,
  type NodeShape,
  needsOf,
  outputNeedsOf,
} from './shapes';

/** What must become of a node when components have no limits. Written from the documentation alone. */
export interface PredictedNode {
  readonly status: 'succeeded' | 'skipped' | 'failed' | 'stopped';
  readonly startMs: number;
  readonly endMs: number;
  /** There is one unless the node failed or was stopped; what stands in for a value counts. */
  readonly hasValue: boolean;
  readonly value?: unknown;
}

export interface Prediction {
  readonly nodes: readonly PredictedNode[];
  readonly wallMs: number;
  /** None if the run fails. */
  readonly output?: number;
}

/** A naive interpreter: node after node in the order of definition, each as if it had the world for itself. */
export function predict(shape: GraphShape, random: number): Prediction {
  const nodes: PredictedNode[] = [];
  const see = (needs: readonly number[]) =>
    Object.fromEntries([['input', {}], ...needs.map((need) => [idOf(need), nodes[need]!.value])]);

  for (const [position, node] of shape.nodes.entries()) {
    const needs = needsOf(shape, position);
    const lost = needs.map((need) => nodes[need]!).filter(({ hasValue }) => !hasValue);
    if (lost.length > 0) {
      const atMs = Math.min(...lost.map(({ endMs }) => endMs));
      nodes.push({ status: 'stopped', startMs: atMs, endMs: atMs, ...standIn(node) });
    } else {
      const startMs = Math.max(0, ...needs.map((need) => nodes[need]!.endMs));
      nodes.push(predictNode(node, position, startMs, see(needs), random));
    }
  }

  const needs = outputNeedsOf(shape);
  const wallMs = Math.max(0, ...nodes.map(({ endMs }) => endMs));
  return needs.every((need) => nodes[need]!.hasValue)
    ? { nodes, wallMs, output: digest(see(needs)) }
    : { nodes, wallMs };
}

function predictNode(node: NodeShape, position: number, startMs: number, sees: unknown, random: number): PredictedNode {
  if (isSkipped(node, sees)) {
    return { status: 'skipped', startMs, endMs: startMs, ...standIn(node), hasValue: true };
  }
  if (node.kind === 'map') return predictMap(node, position, startMs, sees, random);

  const end = endOf(node, itemsOf(node)[0]!, startMs, random);
  if (end.ok) {
    return {
      status: 'succeeded',
      startMs,
      endMs: end.atMs,
      hasValue: true,
      value: digest({ position, item: 0, sees }),
    };
  }
  return { status: 'failed', startMs, endMs: end.atMs, ...standIn(node) };
}

/** What stands in for the value of a node; of a map it does so for an item, never for the list. */
function standIn({ kind, fallback }: NodeShape): { hasValue: boolean; value?: unknown } {
  const hasValue = kind !== 'map' && fallback !== undefined;
  return hasValue && fallback === 'default' ? { hasValue, value: DEFAULT } : { hasValue };
}

function predictMap(node: NodeShape, position: number, startMs: number, sees: unknown, random: number): PredictedNode {
  const value: unknown[] = [];
  const workersFreeMs = Array<number>(node.concurrency ?? node.items.length).fill(startMs);
  let failedMs = Infinity;
  for (const [item, shape] of node.items.entries()) {
    const worker = workersFreeMs.indexOf(Math.min(...workersFreeMs));
    if (workersFreeMs[worker]! > failedMs) break;
    const end = endOf(node, shape, workersFreeMs[worker]!, random);
    workersFreeMs[worker] = end.atMs;
    value.push(end.ok ? digest({ position, item, sees }) : node.fallback === 'default' ? DEFAULT : undefined);
    if (!end.ok && node.fallback === undefined) failedMs = Math.min(failedMs, end.atMs);
  }
  if (failedMs < Infinity) return { status: 'failed', startMs, endMs: failedMs, hasValue: false };
  return { status: 'succeeded', startMs, endMs: Math.max(startMs, ...workersFreeMs), hasValue: true, value };
}

/** When a call or a function ends that starts at `atMs`, and whether it brings a value. */
function endOf(
  node: NodeShape,
  { troubles, ms }: ItemShape,
  atMs: number,
  random: number,
): { atMs: number; ok: boolean } {
  if (node.kind === 'compute')
    return troubles[0] ? { atMs: atMs + troubles[0].ms, ok: false } : { atMs: atMs + ms, ok: true };

  const { attempts, baseMs, capMs } = node.retry;
  let now = atMs;
  let failures = 0;
  let coldSinceMs: number | undefined;
  for (const trouble of troubles) {
    const triedMs = now;
    now += trouble.ends === 'hangs' ? FIRST_CHUNK_MS : trouble.ms;
    if (trouble.ends === 'not-ready') {
      coldSinceMs ??= triedMs;
      // A fifth of the time waited, between a tenth of a second and five seconds; half of it at random.
      now += Math.min(5_000, Math.max(100, (now - coldSinceMs) / 5)) * (0.5 + random / 2);
      continue;
    }
    coldSinceMs = undefined;
    const mayRetry = trouble.ends !== 'failed' && trouble.ends !== 'invalid';
    failures++;
    if (!mayRetry || failures === attempts) return { atMs: now, ok: false };
    now += random * Math.min(capMs, baseMs * 2 ** (failures - 1));
  }
  return { atMs: now + ms, ok: true };
}
