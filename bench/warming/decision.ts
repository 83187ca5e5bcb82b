import {
  type ComponentStatus,
  DEFAULT_WARM_LIMITS,
  EMPTY_WARM_STATE,
  learnRun,
  NO_KNOWLEDGE,
  WARM_POLICIES,
  type WarmConfig,
  type WarmGraph,
  type WarmKnowledge,
  type WarmObservation,
} from '../../core/warm/index.ts';
import type { DecisionFigures } from './figures.ts';

const LAYERS = 10;
const WIDTH = 10;
const KNOWN_RUNS = 50;
const WARM_UP = 300;
const TIMED = 500;
const ROUNDS = 5;

/** Layers of nodes that each need three of the layer before; every third is a branch. */
const graph: WarmGraph = {
  name: 'layered',
  nodes: Array.from({ length: LAYERS * WIDTH }, (_, at) => {
    const layer = Math.floor(at / WIDTH);
    const before = [0, 1, 2].map((step) => (layer - 1) * WIDTH + ((at + step) % WIDTH));
    const needs = layer === 0 ? [] : before;
    return { id: `n${at}`, needs, component: `c${at}`, conditional: at % 3 === 2 };
  }),
};

const cold: ComponentStatus = {
  copies: 0,
  startingReadyAtMs: [],
  path: 'new-instance-cached-image',
  callsInFlight: 0,
};

function knowledgeAt(nowMs: number): WarmKnowledge {
  const outcomes = Object.fromEntries(
    graph.nodes.map(({ id }, at) => [id, { status: 'succeeded' as const, durationMs: 1_000 + 10 * at }]),
  );
  let knowledge = NO_KNOWLEDGE;
  for (let run = 0; run < KNOWN_RUNS; run++) knowledge = learnRun(knowledge, graph, outcomes, nowMs);
  return knowledge;
}

/**
 * Times the decision on the entry of a run that finds everything cold. Of several rounds the fastest counts: whatever else
 * runs only adds to it.
 */
export function timeDecisions(): DecisionFigures {
  const rounds = Array.from({ length: ROUNDS }, timeRound);
  return rounds.reduce((least, each) => (each.medianMs < least.medianMs ? each : least));
}

function timeRound(): DecisionFigures {
  const nowMs = 1e12;
  const names = graph.nodes.map(({ component }) => component!);
  const observation: WarmObservation = {
    requests: [{ id: 'run', graph: graph.name, nodes: {} }],
    components: Object.fromEntries(names.map((name) => [name, cold])),
    floorCopies: {},
    knowledge: knowledgeAt(nowMs),
  };
  const limits = { ...DEFAULT_WARM_LIMITS, maxSimultaneousWarms: 200, hourlyBudgetUsd: 1e6, monthlyBudgetUsd: 1e6 };
  const config: WarmConfig = {
    graphs: { [graph.name]: graph },
    components: Object.fromEntries(names.map((name) => [name, { pricePerHourUsd: 2 }])),
    limits,
  };
  const timesMs: number[] = [];
  for (let i = 0; i < WARM_UP + TIMED; i++) {
    const beganMs = performance.now();
    const { actions } = WARM_POLICIES.entryKeepAlive(EMPTY_WARM_STATE, observation, config, nowMs + i);
    const tookMs = performance.now() - beganMs;
    if (actions.length < names.length / 2) throw new Error(`only ${actions.length} components were warmed`);
    if (i >= WARM_UP) timesMs.push(tookMs);
  }
  timesMs.sort((a, b) => a - b);
  return { medianMs: timesMs[TIMED / 2]!, p99Ms: timesMs[Math.floor(0.99 * TIMED)]! };
}
