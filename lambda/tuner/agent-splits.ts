import type { TunerDeployment } from '../../core/scale/tuner-deployment';
import { RESERVED_PREFIX } from '../../core/scale/tuner-deployment-faults';
import { HOUR_MS } from '../../core/time-units';
import {
  type AgentSplit,
  followRuns,
  isSplitDue,
  type LearnedCalls,
  LOOK_BACK_MS,
  NO_SPLIT,
  type StoredSplit,
  splitQueries,
  stillSplit,
} from './agent-split';
import { MetricFault, readMetrics } from './metric-data';
import type { TunerServices } from './services';

/** A look draws many runs: the others that are due have theirs in the next ticks, those first that have waited longest. */
const LOOKS_PER_TICK = 2;

/** How the objectives of all agents are split now: as it is stored, and looked at anew where it is time. */
export async function currentSplits(
  { cloudWatch, table }: TunerServices,
  { agents, components }: TunerDeployment,
  learned: ReadonlyMap<string, LearnedCalls>,
  nowMs: number,
): Promise<ReadonlyMap<string, AgentSplit>> {
  const stored = await table.states<StoredSplit>(Object.keys(agents).map(keyOf));
  const known = Object.entries(agents).map(([name, agent]) => {
    const { value = NO_SPLIT, version } = stored.get(keyOf(name)) ?? { version: 0 };
    return { name, agent, split: stillSplit(value, agent, components), version, queries: splitQueries(name, agent) };
  });
  const due = known
    .filter(({ split, agent }) => isSplitDue(split, agent, components, nowMs))
    .sort((a, b) => (a.split.lookedAtMs ?? 0) - (b.split.lookedAtMs ?? 0))
    .slice(0, LOOKS_PER_TICK);
  const series = await readMetrics(
    cloudWatch,
    due.flatMap(({ queries }) => queries),
    Math.floor((nowMs - LOOK_BACK_MS) / HOUR_MS) * HOUR_MS,
    nowMs,
  );
  const splits = new Map(known.map(({ name, split }) => [name, split]));
  let at = 0;
  for (const { name, agent, split, version, queries } of due) {
    const own = series.slice(at, at + queries.length);
    at += queries.length;
    try {
      const next = followRuns(split, agent, components, learned, own, nowMs);
      if ((await table.saveState(keyOf(name), next, version)) !== undefined) splits.set(name, next);
    } catch (error) {
      // The split stays as it is, and is looked at again with the next tick.
      if (!(error instanceof MetricFault)) throw error;
    }
  }
  return splits;
}

const keyOf = (agent: string) => `${RESERVED_PREFIX}agent/${agent}`;
