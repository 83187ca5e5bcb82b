import { observeDemand } from '../../core/scale';
import {
  type EndedRun,
  learnIdleTime,
  learnRun,
  NO_KNOWLEDGE,
  pausesOf,
  type RunsEvent,
  type WarmKnowledge,
} from '../../core/warm';
import type { ComponentKnowledge } from '../warm-board/documents';
import type { WarmerContext } from './context';
import type { Memory } from './memory';

/** Learns what runs tell. */
export class Learner {
  readonly #context: WarmerContext;
  readonly #memory: Memory;

  constructor(context: WarmerContext, memory: Memory) {
    this.#context = context;
    this.#memory = memory;
  }

  async runs({ runs, activity }: RunsEvent): Promise<void> {
    const { agents, backends } = this.#context.config;
    const named = new Set(runs.map(({ agent }) => agent).filter((agent) => Object.hasOwn(agents, agent)));
    const keys = Object.keys(activity).filter((key) => Object.hasOwn(backends, key));
    await Promise.all([
      ...[...named].map((agent) => this.#runsOf(agent, runs)),
      ...keys.map((key) => this.#memory.learnOfComponent(key, (before) => withActivity(before, key, activity[key]!))),
    ]);
  }

  /** Of the minute that ends. */
  async demand(): Promise<void> {
    const { config, time } = this.#context;
    if (config.policy !== 'entryForecast') return;
    const nowMs = time.nowMs();
    const observed = Object.keys(config.backends).map((key) =>
      this.#memory.learnOfComponent(key, (before) => withDemand(before, nowMs)),
    );
    await Promise.all(observed);
  }

  #runsOf(agent: string, runs: readonly EndedRun[]): Promise<void> {
    const { graph } = this.#context.config.agents[agent]!;
    return this.#memory.learnOfAgent(agent, (before) =>
      runs
        .filter((run) => run.agent === agent)
        .reduce((knowledge, { outcomes, endedAtMs }) => learnRun(knowledge, graph, outcomes, endedAtMs), before),
    );
  }
}

function withActivity(
  before: ComponentKnowledge,
  key: string,
  { spans, servedMs }: RunsEvent['activity'][string],
): ComponentKnowledge {
  const lastMs = spans.at(-1)?.toMs;
  if (lastMs === undefined) return before;
  const known: WarmKnowledge = { ...NO_KNOWLEDGE, idleTimes: before.idleTimes };
  const { idleTimes } = pausesOf(spans, before.lastCallMs).reduce(
    (knowledge, pauseMs) => learnIdleTime(knowledge, key, pauseMs, lastMs),
    known,
  );
  return {
    ...before,
    idleTimes,
    lastCallMs: Math.max(lastMs, before.lastCallMs ?? lastMs),
    servedAtMs: Math.max(lastMs, before.servedAtMs ?? lastMs),
    servedMs: before.servedMs + servedMs,
  };
}

function withDemand(before: ComponentKnowledge, nowMs: number): ComponentKnowledge {
  const { servedMs, servedSinceMs, demand } = before;
  const observed = servedSinceMs > 0 ? observeDemand(demand, servedMs / (nowMs - servedSinceMs), nowMs) : demand;
  return nowMs > servedSinceMs ? { ...before, demand: observed, servedMs: 0, servedSinceMs: nowMs } : before;
}
