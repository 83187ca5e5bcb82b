import type {
  Cascade,
  CellSeries,
  CellSummary,
  Comparison,
  Effect,
  Estimate,
  ExperimentResult,
  LatencyParts,
  ResultRow,
} from '../../../sim/experiment/result';
import { lognormal, randomStream } from '../../../sim/kernel/random';

interface Size {
  readonly seeds: number;
  /** At most 20. */
  readonly cells: number;
  readonly points: number;
}

/** What a cell is like on average; all else follows from it. */
interface Nature {
  readonly cell: string;
  readonly title: string;
  readonly levels: Record<string, string>;
  readonly costUsd: number;
  readonly parts: LatencyParts;
}

const COMPONENTS = ['planner', 'retriever', 'reranker', 'writer'];

/**
 * A result such as an experiment finds: the sixteen cells of a factorial design and four baselines, with the spread
 * that seeds have. Equal sizes give equal results.
 */
export function experimentFixture({ seeds = 20, cells = 20, points = 300 }: Partial<Size> = {}): ExperimentResult {
  const natures = [...factorial(), ...baselines()].slice(0, cells);
  const rows = natures.flatMap((nature) => Array.from({ length: seeds }, (_, seed) => rowOf(nature, seed + 1)));
  const summaries = natures.map((nature) => summaryOf(nature, rows));
  return {
    schemaVersion: 1,
    scenario: {
      name: 'Support agent, two weeks',
      description:
        'Plan, retrieve, rerank and write over four models, sized on the first week and scored on the second.',
    },
    madeBy: {
      version: '0.4.0',
      platform: 'node 24.1.0, linux x64',
      command: 'compound simulate scenarios/support-agent.json --seeds 20 --report report.html',
    },
    objective: { p95Ms: 8000 },
    workload: {
      requests: 1_934_211,
      days: 14,
      meanRps: 1.6,
      peakRps: 5.1,
      gapVariation: 2.4,
      promptTokens: { p50: 1020, p95: 4310 },
      outputTokens: { p50: 212, p95: 780 },
    },
    conditions: [
      { name: 'request list', value: 'sha256 5f0c1b7e9a42d3886e17c0b9a4f21d6c', holds: true },
      { name: 'configuration', value: 'sha256 0d4be1c27fa93b5512c8e6f0a79d3b41', holds: true },
      { name: 'code', value: 'sha256 a91e77c03b6f48d2950fe21b7c6d0e38', holds: true },
      { name: 'prices and region', value: 'us-east-1, 2026-03', holds: true },
      { name: 'deadline, retries and timeouts', value: '60 s, 3 tries, 30 s', holds: true },
      { name: 'warm-up dropped', value: 'first 24 h', holds: true },
    ],
    rows,
    cells: summaries,
    effects: effects(),
    comparisons: comparisons(seeds),
    bounds: { workUsd: 1893, capacityUsd: 2311, startUpUsd: 2404, p95Ms: 4100 },
    series: natures.map((nature) => seriesOf(nature, points)),
    cascades: natures.flatMap(cascadesOf),
    throughput: [
      { cell: 'static', sustainableRps: 4.1, ratio: 1, at: 'spend' },
      { cell: 'modular', sustainableRps: 6.8, ratio: 1.66, at: 'spend' },
      { cell: 'modular+parallel+prewarm+tuned', sustainableRps: 8.9, ratio: 2.17, at: 'spend' },
    ],
    sensitivity: sensitivity(),
    staticWins: [
      {
        name: 'flat load',
        finding: 'Demand that never falls below nine tenths of its mean leaves nothing to scale in.',
        costChange: 0.041,
        p95Change: 0.083,
      },
      {
        name: 'committed-use discount of 40 %',
        finding: 'Discounts apply to the static fleet as a whole, to the modular one on its floor only.',
        costChange: 0.118,
        p95Change: null,
      },
    ],
    threats: [
      'The control plane is simulated; its delays are parameters with sources.',
      'Copies are calibrated on GPUs outside AWS.',
      'The shape of arrivals below ten minutes is modelled, not recorded.',
    ],
  };
}

function factorial(): Nature[] {
  const switches = [false, true];
  return switches.flatMap((autoscaled) =>
    switches.flatMap((parallel) =>
      switches.flatMap((prewarm) => switches.map((tuned) => factorialCell(autoscaled, parallel, prewarm, tuned))),
    ),
  );
}

function factorialCell(autoscaled: boolean, parallel: boolean, prewarm: boolean, tuned: boolean): Nature {
  const names = [autoscaled ? 'modular' : 'static', parallel && 'parallel', prewarm && 'prewarm', tuned && 'tuned'];
  const cell = names.filter((name) => name !== false).join('+');
  return {
    cell,
    title: `${autoscaled ? 'Autoscaled' : 'Static at P95'}, ${parallel ? 'parallel' : 'sequential'} graph, ${prewarm ? 'pre-warmed' : 'not pre-warmed'}`,
    levels: {
      capacity: autoscaled ? 'autoscaled' : 'static',
      graph: parallel ? 'parallel' : 'sequential',
      prewarming: prewarm ? 'prewarm' : 'none',
      targets: tuned ? 'tuned' : 'fixed',
    },
    costUsd: (autoscaled ? 2760 : 4310) * (autoscaled && prewarm ? 1.035 : 1) * (autoscaled && tuned ? 0.94 : 1),
    parts: {
      queueMs: (autoscaled ? 1450 : 620) * (tuned && autoscaled ? 0.8 : 1),
      serviceMs: parallel ? 4700 : 6900,
      coldMs: autoscaled ? (prewarm ? 260 : 2100) : 0,
      retryMs: autoscaled ? (prewarm ? 40 : 310) : 15,
      orchestrationMs: 85,
    },
  };
}

function baselines(): Nature[] {
  const parts = { queueMs: 240, serviceMs: 4700, coldMs: 0, retryMs: 10, orchestrationMs: 85 };
  const baseline = (
    cell: string,
    title: string,
    capacity: string,
    costUsd: number,
    more: Partial<LatencyParts> = {},
  ): Nature => ({
    cell,
    title,
    levels: { capacity },
    costUsd,
    parts: { ...parts, ...more },
  });
  return [
    baseline('static@peak', 'Static at the peak', 'static', 7420),
    baseline('static@p99', 'Static at P99', 'static', 5280, { queueMs: 310 }),
    baseline('static@equal-spend', 'Static at the spend of modular', 'static', 2710, {
      queueMs: 96_000,
      retryMs: 7400,
    }),
    baseline('clairvoyant', 'Knows the future, with real delays', 'clairvoyant', 2520, { queueMs: 300, coldMs: 20 }),
  ];
}

const totalMs = (parts: LatencyParts) => Object.values(parts).reduce((sum: number, ms: number) => sum + ms, 0);

function rowOf({ cell, parts, costUsd }: Nature, seed: number): ResultRow {
  // Seeds share their requests, so that a hard one is hard for every cell.
  const load = lognormal(randomStream(seed, 'load', 'fixture'), 1, 0.05);
  const own = lognormal(randomStream(seed, cell, 'fixture'), 1, 0.02);
  const p95Ms = totalMs(parts) * load * own;
  return {
    cell,
    seed,
    p50Ms: 0.55 * p95Ms,
    p95Ms,
    p99Ms: 1.5 * p95Ms,
    costUsd: costUsd * load ** 0.5 * (cell.startsWith('static') ? load ** -0.5 : 1),
    requests: 1_934_211,
    throughputRps: 1.6 * load,
    coldShare: parts.coldMs / 40_000,
    errors: Math.round(parts.retryMs * load),
    attainment: 1 - 0.05 * (p95Ms / 8000),
    instanceHours: costUsd / 1.6,
  };
}

function summaryOf({ cell, title, levels, parts }: Nature, rows: readonly ResultRow[]): CellSummary {
  const own = rows.filter((row) => row.cell === cell);
  const over = (of: (row: ResultRow) => number) => estimateOf(own.map(of));
  const p95Ms = over((row) => row.p95Ms!);
  const costUsd = over((row) => row.costUsd);
  return {
    cell,
    title,
    levels,
    isReference: cell === 'oracle',
    p50Ms: over((row) => row.p50Ms!),
    p95Ms,
    p99Ms: over((row) => row.p99Ms!),
    costUsd,
    attainment: over((row) => row.attainment),
    coldShare: over((row) => row.coldShare),
    errorShare: over((row) => row.errors / 1_934_211),
    throughputRps: over((row) => row.throughputRps),
    instanceHours: over((row) => row.instanceHours),
    p95Parts: parts,
    efficiency: 2404 / costUsd.mean,
    recovered: cell.startsWith('static') ? null : (7620 - p95Ms.mean) / (7620 - 4100),
  };
}

/** With a normal interval: near enough for a picture. */
export function estimateOf(values: readonly number[]): Estimate {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
  const half = 2.09 * Math.sqrt(variance / values.length);
  return { mean, low: mean - half, high: mean + half };
}

function effects(): Effect[] {
  const effect = (factor: string, on: Effect['on'], mean: number, half: number): Effect => ({
    factor,
    on,
    among: /prewarming|targets/.test(factor) ? 'modular' : 'all',
    estimate: { mean, low: mean - half, high: mean + half },
  });
  return [
    effect('capacity', 'p95Ms', 1630, 210),
    effect('graph', 'p95Ms', -2200, 160),
    effect('prewarming', 'p95Ms', -1055, 190),
    effect('targets', 'p95Ms', -145, 170),
    effect('capacity x graph', 'p95Ms', 30, 180),
    effect('capacity x prewarming', 'p95Ms', -1050, 240),
    effect('graph x prewarming', 'p95Ms', -20, 150),
    effect('capacity', 'costUsd', -1548, 64),
    effect('graph', 'costUsd', 2, 18),
    effect('prewarming', 'costUsd', 48, 12),
    effect('targets', 'costUsd', -83, 25),
    effect('capacity x graph', 'costUsd', 1, 20),
    effect('capacity x prewarming', 'costUsd', 96, 24),
  ];
}

function comparisons(seeds: number): Comparison[] {
  const comparison = (
    name: string,
    isPrimary: boolean,
    of: string,
    against: string,
    mean: number,
    spread: number,
    mechanism: string,
  ): Comparison => {
    const bySeed = Array.from({ length: seeds }, (_, seed) => {
      return (1 + mean) * lognormal(randomStream(seed, name, against), 1, spread) - 1;
    });
    const change = estimateOf(bySeed);
    return {
      name,
      isPrimary,
      of,
      against,
      change,
      statistic: 'mean',
      isBounded: seeds > 1,
      unreached: { of: 0, against: 0 },
      unequal: null,
      winner: seeds < 2 ? null : change.high < 0 ? of : change.low > 0 ? against : null,
      bySeed,
      pValue: Math.abs(mean) < 0.05 ? 0.31 : 0.0002,
      mechanism,
    };
  };
  const best = 'modular+parallel+prewarm+tuned';
  return [
    comparison(
      'P95 at equal spend',
      true,
      best,
      'static@equal-spend',
      -0.92,
      0.2,
      'The static fleet of the same spend is overloaded in one window of twenty, and its backlog lasts for minutes.',
    ),
    comparison(
      'cost at equal objective',
      true,
      best,
      'static+parallel',
      -0.33,
      0.05,
      'Copies follow the load through the day; the static fleet pays for the busiest hour all week.',
    ),
    comparison(
      'P95 without pre-warming',
      false,
      'modular+parallel',
      best,
      0.41,
      0.06,
      'Cold starts add up along the path.',
    ),
    comparison(
      'P95 without parallel branches',
      false,
      'modular+prewarm+tuned',
      best,
      0.37,
      0.05,
      'Branches wait for each other.',
    ),
    comparison(
      'P95 with fixed targets',
      false,
      'modular+parallel+prewarm',
      best,
      0.02,
      0.05,
      'The fixed targets were right already.',
    ),
    comparison(
      'cost beside the clairvoyant',
      false,
      best,
      'clairvoyant',
      0.065,
      0.02,
      'Detection takes half a minute and scale-in a quarter of an hour.',
    ),
  ];
}

function seriesOf({ cell, levels }: Nature, points: number): CellSeries {
  const random = randomStream(1, cell, 'series');
  const load = randomStream(1, 'load', 'series');
  const atSeconds = Array.from({ length: points }, (_, i) => (i * 7 * 86_400) / points);
  const requestsPerSecond = atSeconds.map((at) => {
    const day = 1.6 + 1.1 * Math.sin((2 * Math.PI * at) / 86_400) + (load.uniform() < 0.02 ? 1.8 : 0);
    return Math.max(0.1, day * lognormal(load, 1, 0.15));
  });
  const isStatic = levels.capacity === 'static';
  const components = COMPONENTS.map((component, i) => {
    const desired = requestsPerSecond.map((rps) =>
      isStatic ? 6 - i : Math.max(i === 3 ? 0 : 1, Math.ceil((rps * (4 - i)) / 2)),
    );
    return {
      component,
      desired,
      inService: desired.map((copies, at) => Math.min(copies, desired[Math.max(0, at - 1)]!)),
      concurrency: requestsPerSecond.map((rps) => rps * (2 + random.uniform())),
    };
  });
  const instances = requestsPerSecond.map((_, at) =>
    Math.ceil(components.reduce((sum, { inService }) => sum + inService[at]!, 0) / 4),
  );
  return { cell, atSeconds, requestsPerSecond, instances, components };
}

function cascadesOf({ cell, levels, parts }: Nature): Cascade[] {
  if (parts.coldMs === 0) return [];
  const isChain = levels.prewarming === 'none';
  const nodes: Cascade['nodes'][number][] = [];
  let atMs = 0;
  COMPONENTS.forEach((component, i) => {
    const coldMs = isChain || i === 0 ? 41_000 + 9000 * i : 0;
    const endMs = atMs + coldMs + 1400 + 300 * i;
    nodes.push({ node: component === 'writer' ? 'answer' : component, component, startMs: atMs, coldMs, endMs });
    atMs = endMs;
  });
  return [{ cell, latencyMs: atMs, depth: isChain ? 4 : 1, nodes }];
}

function sensitivity(): ExperimentResult['sensitivity'] {
  const row = (parameter: string, low: string, high: string, p95: [number, number], cost: [number, number]) => [
    {
      parameter,
      on: 'p95 at equal spend' as const,
      low,
      high,
      changeAtLow: p95[0],
      changeAtBase: -0.92,
      changeAtHigh: p95[1],
    },
    {
      parameter,
      on: 'cost at equal objective' as const,
      low,
      high,
      changeAtLow: cost[0],
      changeAtBase: -0.33,
      changeAtHigh: cost[1],
    },
  ];
  return [
    row('cold start', '×0.5', '×3', [-0.95, -0.61], [-0.35, -0.24]),
    row('detection delay', '10 s', '5 min', [-0.93, -0.7], [-0.34, -0.27]),
    row('committed-use discount', '0 %', '60 %', [-0.92, -0.9], [-0.33, 0.12]),
    row('objective', '×0.5', '×2', [-0.81, -0.95], [-0.21, -0.39]),
    row('variation of the gaps', '1', '13', [-0.9, -0.66], [-0.37, -0.22]),
    row('service time', '−10 %', '+10 %', [-0.91, -0.93], [-0.32, -0.34]),
  ].flat();
}
