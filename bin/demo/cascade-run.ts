import type { RunRecord } from '../../core/run/record';
import { type LocalStack, startLocalStack } from '../../local';
import { until } from '../until';
import { type CascadeDemo, FLEETS } from './cascades';
import { type ObservedStart, watchStarts } from './watch-copies';

/** One run of a graph whose models were all cold. Times are of the world. */
export interface CascadeRun {
  readonly record: RunRecord;
  readonly starts: readonly ObservedStart[];
  readonly latencySeconds: number;
  /** By how much it took longer than the same request asked again, when every copy served. */
  readonly compoundSeconds: number;
}

export interface CascadeOptions {
  readonly speed: number;
  readonly isWarmed: boolean;
  readonly onLook?: (elapsedSeconds: number) => void;
}

/** In the world, from the start of a stack to the first request. */
const DEPLOYED_MS = 80_000;

/** Of the cold starts: the same with and without pre-warming. */
const SEED = 1;

/** On a fresh stack: asks once while everything is cold, and again while everything is warm. */
export async function runCascade({ system }: CascadeDemo, options: CascadeOptions): Promise<CascadeRun> {
  const { speed, isWarmed, onLook = () => {} } = options;
  const records: RunRecord[] = [];
  const stack = await startLocalStack({
    systems: [system],
    speed,
    seed: SEED,
    fleets: FLEETS,
    runTime: 'world',
    onRunEnd: ({ record }) => records.push(record),
    ...(isWarmed && { warming: { policy: 'entry' } }),
  });
  try {
    // The schedule has come by once, as it has wherever a warmer has been deployed for longer than a minute.
    if (isWarmed) await until(stack.world.clock, DEPLOYED_MS);
    const endWatch = watchStarts(stack.world, onLook);
    const askWarm = async (): Promise<number> => {
      const seconds = await ask(stack, system.graph.name);
      const { nodes } = records.at(-1)!;
      // A copy may have gone while others started; this call has started it again.
      return Object.values(nodes).some(({ calls }) => calls.some(({ coldMs }) => coldMs > 0)) ? askWarm() : seconds;
    };
    const latencySeconds = await ask(stack, system.graph.name).finally(endWatch);
    const starts = endWatch();
    const warmSeconds = await askWarm();
    return { record: records[0]!, starts, latencySeconds, compoundSeconds: latencySeconds - warmSeconds };
  } finally {
    await stack.close();
  }
}

/** @returns how long the answer took, in seconds of the world */
async function ask({ url, world }: LocalStack, agent: string): Promise<number> {
  const askedAtMs = world.clock.now();
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/agents/${agent}/runs`, { method: 'POST', headers, body: '{}' });
  const text = await response.text();
  if (response.ok) return (world.clock.now() - askedAtMs) / 1000;
  const { title, detail } = JSON.parse(text) as { readonly title?: string; readonly detail?: string };
  const remedy =
    response.status === 504
      ? 'the local gateway waits 29 s of real time: choose a higher --speed'
      : 'try again, or choose a lower --speed if this machine is busy';
  throw new Error(`the run of ${agent} ended with HTTP ${response.status} ${title}: ${detail}; ${remedy}`);
}
