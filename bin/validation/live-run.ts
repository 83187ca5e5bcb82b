import type { RunReport } from '../../lambda/orchestrator';
import { startLocalStack } from '../../local';
import { type World, wallClock } from '../../local/world';
import { until } from '../until';
import { type CopySeries, LOOKS, lookIntervalUs } from './copy-series';
import { AGENT_NAME, type LiveInput, liveSystem, type Subject } from './live-agent';

export interface LiveRun {
  /** Of each request, from the moment it was due to its answer; infinite if it failed. */
  readonly latencyMs: Float64Array;
  /** How often each fault came. */
  readonly faults: ReadonlyMap<string, number>;
  readonly copies: readonly CopySeries[];
}

export interface LiveOptions {
  readonly speed: number;
  /** Told of each run that has ended. */
  readonly onRunEnd?: (report: RunReport) => void;
  /** Told at each look how much of the run is over, from 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/**
 * Sends the requests to a local stack of their own when they are due, whether or not earlier ones have been answered.
 *
 * @returns times of the world, as many times the real ones as the speed says
 */
export async function runLive(subject: Subject, options: LiveOptions): Promise<LiveRun> {
  const { speed, onRunEnd = () => {}, onProgress = () => {} } = options;
  const { requests, scenario, seed } = subject;
  const systems = [liveSystem(subject, wallClock(speed))];
  const { fleets } = scenario.world;
  const stack = await startLocalStack({ systems, speed, seed, fleets, onRunEnd, runTime: 'world' });
  try {
    const { clock } = stack.world;
    const url = `${stack.url}/agents/${AGENT_NAME}/runs`;
    const latencyMs = new Float64Array(requests.count).fill(Infinity);
    const faults = new Map<string, number>();
    const send = async (request: number) => {
      const dueAtMs = requests.arrivalUs[request]! / 1000;
      await until(clock, dueAtMs);
      const fault = await ask(url, { request });
      if (fault === undefined) latencyMs[request] = clock.now() - dueAtMs;
      else faults.set(fault, (faults.get(fault) ?? 0) + 1);
    };
    const watched = watchCopies(stack.world, requests.durationUs, onProgress);
    await Promise.all(Array.from({ length: requests.count }, (_, request) => send(request)));
    return { latencyMs, faults, copies: await watched };
  } finally {
    await stack.close();
  }
}

/** @returns what went wrong */
async function ask(url: string, input: LiveInput): Promise<string | undefined> {
  try {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(input) });
    const text = await response.text();
    if (response.ok) return undefined;
    const { title, detail } = JSON.parse(text) as { readonly title?: string; readonly detail?: string };
    return `HTTP ${response.status} ${title}: ${detail}`;
  } catch (error) {
    return `no answer: ${(error as Error).message}`;
  }
}

async function watchCopies(
  { clock, models }: World,
  durationUs: number,
  onProgress: (share: number) => void,
): Promise<CopySeries[]> {
  const columns = models.map(({ id }) => ({ component: id, inService: [] as number[], desired: [] as number[] }));
  const intervalMs = lookIntervalUs(durationUs) / 1000;
  for (let look = 1; look <= LOOKS; look++) {
    await until(clock, look * intervalMs);
    models.forEach((model, at) => {
      columns[at]!.inService.push(model.copiesInService);
      columns[at]!.desired.push(model.state.desiredCopies);
    });
    onProgress(look / LOOKS);
  }
  return columns;
}
