import {
  decideKeptCopies,
  type KeepState,
  type KeptCopy,
  keptCopy,
  NO_KEPT_COPIES,
} from '../../core/scale/keep/kept-copies';
import { zeroablePrices } from '../../core/scale/tuner/config';
import type { TunedAgent, TunerDeployment } from '../../core/scale/tuner-deployment';
import { RESERVED_PREFIX } from '../../core/scale/tuner-deployment-faults';
import { MINUTE_MS } from '../../core/time-units';
import { runQueries, runsSeen } from './agent-runs';
import { groupBy, mapConcurrently } from './batches';
import { MetricFault, readMetrics } from './metric-data';
import type { TunerServices } from './services';

/** Which components of an agent keep a copy, and what was decided about that in this tick. */
export interface AgentKeeps {
  readonly state: KeepState;
  /** Each begins with the name of the component that it is about. */
  readonly reasons: readonly string[];
}

/** Evidence gathers over hours; each look is paid by the metric. */
const LOOK_EVERY_MS = 15 * MINUTE_MS;

/** Metrics may come late: what ended since is looked at the next time. */
const LATE_MS = 4 * MINUTE_MS;

/** After a gap, how far back runs are looked at. */
const LONGEST_LOOK_MS = 60 * MINUTE_MS;

const WRITES_AT_ONCE = 32;

/** Which copies are kept now, of every agent with components that may be at zero. */
export async function currentKeeps(
  { cloudWatch, table }: TunerServices,
  { agents, components, mechanisms, mode }: TunerDeployment,
  nowMs: number,
): Promise<ReadonlyMap<string, AgentKeeps>> {
  if (mechanisms?.forecastFloor === false) return new Map();
  const followed = Object.entries(agents).flatMap(([name, agent]) => {
    const pricesPerHourUsd = pricesOf(agent, components);
    return Object.keys(pricesPerHourUsd).length > 0 ? [{ name, agent, pricesPerHourUsd }] : [];
  });
  const stored = await table.states<KeepState>(followed.map(({ name }) => keyOf(name)));
  const endMs = Math.floor((nowMs - LATE_MS) / MINUTE_MS) * MINUTE_MS;
  const known = followed.map((each) => {
    const { value: before = NO_KEPT_COPIES, version = 0 } = stored.get(keyOf(each.name)) ?? {};
    const sinceMs = before.countedToMs ?? -Infinity;
    return { ...each, before, version, sinceMs, fromMs: Math.max(sinceMs, endMs - LONGEST_LOOK_MS) };
  });
  const keeps = new Map(known.map(({ name, before }): [string, AgentKeeps] => [name, { state: before, reasons: [] }]));
  const due = known.filter(({ sinceMs }) => endMs - sinceMs >= LOOK_EVERY_MS);
  for (const [fromMs, some] of groupBy(due, (each) => each.fromMs)) {
    const queries = some.map(({ name, agent }) => runQueries(name, agent));
    const series = await readMetrics(cloudWatch, queries.flat(), fromMs, endMs);
    let at = 0;
    const looks = some.map((each, i) => {
      const own = series.slice(at, at + queries[i]!.length);
      at += own.length;
      return { ...each, own };
    });
    await mapConcurrently(looks, WRITES_AT_ONCE, async ({ name, agent, pricesPerHourUsd, before, version, own }) => {
      try {
        const config = {
          mode: mode === 'act' ? ('act' as const) : ('dry-run' as const),
          objectiveMs: agent.objectiveMs,
          pricesPerHourUsd,
        };
        const { state, reasons } = decideKeptCopies(before, runsSeen(agent, own, endMs), config, nowMs);
        if ((await table.saveState(keyOf(name), state, version)) !== undefined) keeps.set(name, { state, reasons });
      } catch (error) {
        // What is kept stays so, and runs are looked at again with the next tick.
        if (!(error instanceof MetricFault)) throw error;
      }
    });
  }
  return keeps;
}

/** The most that any of the agents needs of a component. */
export function keptCopyOf(keeps: Iterable<AgentKeeps>, component: string): KeptCopy | undefined {
  const kept = [...keeps].map(({ state }) => keptCopy(state, component));
  return kept.find((copy) => copy === 'always') ?? kept.find((copy) => copy !== undefined);
}

function pricesOf({ nodes }: TunedAgent, components: TunerDeployment['components']): Readonly<Record<string, number>> {
  const called = Object.entries(components).filter(([name]) => nodes.some(({ component }) => component === name));
  return zeroablePrices(Object.fromEntries(called));
}

const keyOf = (agent: string) => `${RESERVED_PREFIX}keeps/${agent}`;
