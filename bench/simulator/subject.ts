// Bundled into one file, as the simulator ships compiled.
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { score } from '../../sim/experiment/score.ts';
import { simulate } from '../../sim/experiment/simulate.ts';
import { fitProfile } from '../../sim/profiles/fit.ts';
import { replay } from '../../sim/profiles/replay.ts';
import { readRequestLog } from '../../sim/profiles/request-log.ts';
import { support } from '../../sim/scenarios/support.ts';
import { quantile } from '../../sim/statistics/quantile.ts';
import type { RequestList } from '../../sim/workload/request-list.ts';
import type { ComponentModel, WorldModel } from '../../sim/world/world-model.ts';
import type { LogAccuracy, SimulationFigures } from '../measurements.ts';
import { dailyLoad, serveGenLoad, steadyLoad } from './loads.ts';

const SEED = 1;

/** Lives the four-node agent of the support scenario through, without policies; where its copies scale they keep up. */
export async function measureSimulation(load: string, count: number, traces: string): Promise<SimulationFigures> {
  const began = usage();
  const requests = await requestsOf(load, count, traces);
  const loaded = usage();
  const outcome = simulate({ scenario: support, world: roomy(support.world), requests, seed: SEED, scoreFromUs: 0 });
  const ended = usage();
  const { row } = score(outcome, requests.durationUs, support.objective.p95Ms);
  return {
    requests: requests.count,
    events: outcome.events,
    loadCpuSeconds: loaded.cpuSeconds - began.cpuSeconds,
    cpuSeconds: ended.cpuSeconds - loaded.cpuSeconds,
    wallSeconds: ended.wallSeconds - began.wallSeconds,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    p95Seconds: (row.p95Ms ?? Number.NaN) / 1000,
    errors: row.errors,
  };
}

function requestsOf(load: string, count: number, traces: string): RequestList | Promise<RequestList> {
  if (load === 'servegen') return serveGenLoad(traces);
  return load === 'daily' ? dailyLoad() : steadyLoad(count);
}

function usage() {
  const { user, system } = process.cpuUsage();
  return { cpuSeconds: (user + system) / 1e6, wallSeconds: performance.now() / 1e3 };
}

/** With copies and instances enough for nearly three times the load of the scenario. */
function roomy(world: WorldModel): WorldModel {
  const roomier = (model: ComponentModel): ComponentModel =>
    model.kind === 'inference-component' ? { ...model, scaling: { ...model.scaling, maxCopies: 100 } } : model;
  return {
    fleets: mapValues(world.fleets, (fleet) => ({ ...fleet, maxInstances: 200 })),
    components: mapValues(world.components, roomier),
  };
}

function mapValues<T>(values: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}

/** What the engines of the logs were started with. */
const LIMITS = { maxSequences: 128, maxStepTokens: 2048, kvCacheTokens: Infinity };

/** Fits every vLLM log on its first half; then replays all of it, step by step as well. */
export async function measureAccuracy(traces: string): Promise<LogAccuracy[]> {
  const logs = join(traces, 'vllm-logs');
  const names = (await readdir(logs)).sort();
  const figures: LogAccuracy[] = [];
  for (const name of names) {
    const path = join(logs, name, 'requests.jsonl');
    const { requests } = await readRequestLog(createReadStream(path, 'utf8'), path, { skipBad: false });
    const { copy, heldBack } = fitProfile(requests, LIMITS);
    const p95 = (level: 'fluid' | 'iteration') =>
      quantile(
        replay(requests, copy, level).map(({ doneMs }) => doneMs),
        0.95,
      );
    const { p95: p95Error, mape } = heldBack.endToEnd;
    figures.push({ name, p95Error, mape, fluidBesideIteration: p95('fluid') / p95('iteration') - 1 });
  }
  return figures;
}
