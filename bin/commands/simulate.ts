import { readFileSync } from 'node:fs';
import { assembleResult } from '../../sim/experiment/assemble';
import { type Experiment, type ExperimentPlan, planExperiment, tasksOf } from '../../sim/experiment/experiment';
import { experimentOf, PREPARATIONS } from '../../sim/experiment/preparation';
import type { ExperimentResult } from '../../sim/experiment/result';
import type { Scenario } from '../../sim/experiment/scenario';
import {
  discountRegion,
  leftOut,
  regionOf,
  type Studies,
  sensitivityRows,
  type VariationOutcome,
} from '../../sim/experiment/studies';
import { THROUGHPUT_CELLS, throughputRows } from '../../sim/experiment/throughput';
import { staticTerrain, variationsOf } from '../../sim/experiment/variations';
import { renderHtml } from '../../sim/report/html';
import { renderMarkdown } from '../../sim/report/markdown';
import { Progress } from '../progress';
import { codeHash, textHash } from '../simulation/code-hash';
import { readScenario } from '../simulation/read-scenario';
import { Store } from '../simulation/store';
import { type Finished, nameOf, type Task } from '../simulation/task';
import { WorkerPool } from '../simulation/worker-pool';
import { readArguments, readCount, UsageError } from '../usage';

const DEFAULT_SCENARIO = 'support';
const DEFAULT_SEEDS = '20';

/** As a shell tells that Ctrl-C ended a command. */
const INTERRUPTED = 130;

/** A quick look: fewer seeds, and a part of the load. */
const QUICK_SEEDS = 3;
const QUICK_LOAD = 0.4;

/** Runs the same requests on static and on modular deployments, and writes a report. */
export async function simulate(args: string[]): Promise<void> {
  const { positionals, values } = readArguments({
    args,
    allowPositionals: true,
    options: {
      seeds: { type: 'string' },
      out: { type: 'string' },
      quick: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  if (positionals.length > 1) throw new UsageError('name one scenario: compound simulate support');
  if (values.quick && values.full) throw new UsageError('--quick and --full exclude each other');
  const given = readScenario(positionals[0] ?? DEFAULT_SCENARIO);
  const scenario = values.quick ? lighter(given) : given;
  const seeds = values.seeds ?? (values.quick ? String(QUICK_SEEDS) : DEFAULT_SEEDS);
  const count = readCount('--seeds', seeds);

  const progress = new Progress(process.stderr);
  const configuration = textHash(JSON.stringify(scenario));
  const code = codeHash();
  const folder = values.out ?? `simulation/${scenario.name}${values.quick ? '-quick' : ''}`;
  const store = new Store(folder, textHash(JSON.stringify([configuration, code, count, values.full])));
  const done = await runAll(planExperiment(scenario, { seeds: count, isFull: values.full }), store, progress);
  if (!done) {
    process.exitCode = INTERRUPTED;
    return;
  }
  const { experiment, finished } = done;
  const runs = finished.flatMap(({ result }) => (result.kind === 'cell' ? [result.run] : []));
  const command = ['npx compound simulate', ...args].join(' ');
  const provenance = {
    version: packageVersion(),
    platform: `node ${process.version}, ${process.platform} ${process.arch}`,
    command,
  };
  const result = assembleResult(
    experiment,
    runs,
    { ...provenance, codes: [...new Set(finished.map((each) => each.code))] },
    studiesOf(scenario, finished),
  );
  writeReports(result, store, progress);
  if (values.json) process.stdout.write(`${JSON.stringify({ rows: result.rows, summary: summaryOf(result) })}\n`);
}

/** The same agent and world under a part of the load. */
function lighter(scenario: Scenario): Scenario {
  const { workload } = scenario;
  return { ...scenario, workload: { ...workload, meanRatePerSecond: workload.meanRatePerSecond * QUICK_LOAD } };
}

/** Prepares and runs what is not yet finished; after Ctrl-C, which keeps what is, undefined. */
async function runAll(
  plan: ExperimentPlan,
  store: Store,
  progress: Progress,
): Promise<{ experiment: Experiment; finished: Finished[] } | undefined> {
  const abort = new AbortController();
  const stop = () => abort.abort();
  process.once('SIGINT', stop);
  const pool = new WorkerPool();
  const run = (experiment: ExperimentPlan, tasks: readonly Task[], word: string) =>
    runEach(pool, experiment, tasks, { store, progress, word, signal: abort.signal });
  try {
    const preparations = PREPARATIONS.map((preparation): Task => ({ kind: 'preparation', preparation }));
    const prepared = await run(plan, preparations, 'fleets and targets');
    if (!prepared) return undefined;
    const parts = prepared.flatMap(({ result }) => (result.kind === 'preparation' ? [result.prepared] : []));
    const experiment = experimentOf(plan, parts);
    const finished = await run(experiment, tasksFor(experiment), 'runs');
    return finished && { experiment, finished };
  } finally {
    pool.close();
    process.removeListener('SIGINT', stop);
  }
}

function tasksFor(experiment: Experiment): Task[] {
  const cells = tasksOf(experiment).map((task): Task => ({ kind: 'cell', ...task }));
  if (!experiment.isFull) return cells;
  const { scenario } = experiment;
  return [
    ...cells,
    ...THROUGHPUT_CELLS.map((cell): Task => ({ kind: 'throughput', cell })),
    ...[-1, ...variationsOf(scenario).keys()].map((at): Task => ({ kind: 'variation', at })),
    ...Array.from(staticTerrain(scenario).keys(), (at): Task => ({ kind: 'terrain', at })),
  ];
}

interface Surroundings {
  readonly store: Store;
  readonly progress: Progress;
  /** For what the tasks are, in the plural. */
  readonly word: string;
  readonly signal: AbortSignal;
}

/** Those that are finished, from an earlier start or now; undefined if the signal aborts first. */
async function runEach(
  pool: WorkerPool,
  experiment: ExperimentPlan,
  tasks: readonly Task[],
  { store, progress, word, signal }: Surroundings,
): Promise<Finished[] | undefined> {
  const wanted = new Set(tasks.map(nameOf));
  const finished = store.readFinished().filter(({ task }) => wanted.has(nameOf(task)));
  const done = new Set(finished.map(({ task }) => nameOf(task)));
  if (done.size > 0) progress.line(`${done.size} of ${tasks.length} ${word} are there from an earlier start`);
  const show = () =>
    progress.status(`${bar(finished.length / tasks.length)} ${finished.length} of ${tasks.length} ${word}`);
  show();
  const onFinished = (each: Finished) => {
    store.append(each);
    finished.push(each);
    show();
  };
  await pool.run(
    experiment,
    tasks.filter((task) => !done.has(nameOf(task))),
    onFinished,
    signal,
  );
  progress.status('');
  if (!signal.aborted) return finished;
  progress.line(
    `interrupted: ${finished.length} of ${tasks.length} ${word} are kept; the same command goes on with the rest`,
  );
  return undefined;
}

const BAR_WIDTH = 30;

function bar(share: number): string {
  const full = Math.floor(share * BAR_WIDTH);
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_WIDTH - full)}]`;
}

function studiesOf(scenario: Scenario, finished: readonly Finished[]): Studies {
  const rates = finished.flatMap(({ task, result }) =>
    task.kind === 'throughput' && result.kind === 'throughput' ? [{ cell: task.cell, rps: result.rps }] : [],
  );
  const outcomes = new Map<string, VariationOutcome>(
    finished.flatMap(({ task, result }) => ('outcome' in result ? [[nameOf(task), result.outcome] as const] : [])),
  );
  const base = outcomes.get(nameOf({ kind: 'variation', at: -1 }));
  const varied = variationsOf(scenario).flatMap((variation, at) => {
    const outcome = outcomes.get(nameOf({ kind: 'variation', at }));
    return outcome ? [{ variation, outcome }] : [];
  });
  const regions = staticTerrain(scenario).flatMap(({ name }, at) => {
    const outcome = outcomes.get(nameOf({ kind: 'terrain', at }));
    return outcome ? [regionOf(name, outcome)] : [];
  });
  const discounts = base && base.costChange !== null ? [discountRegion(1, 1 + base.costChange)] : [];
  const ordered = THROUGHPUT_CELLS.flatMap((cell) => rates.find((rate) => rate.cell === cell) ?? []);
  return {
    ...(ordered.length > 0 && { throughput: throughputRows(ordered) }),
    ...(base && varied.length > 0 && { sensitivity: sensitivityRows(base, varied), leftOut: leftOut(base, varied) }),
    ...(regions.length > 0 && { staticWins: [...regions, ...discounts] }),
  };
}

function writeReports(result: ExperimentResult, store: Store, progress: Progress): void {
  store.write('result.json', `${JSON.stringify(result, undefined, 2)}\n`);
  const markdown = store.write('report.md', renderMarkdown(result));
  const html = store.write('report.html', renderHtml(result));
  progress.line(`wrote ${html}, ${markdown} and result.json beside them`);
}

function summaryOf({ scenario, objective, cells, comparisons, bounds, conditions }: ExperimentResult) {
  return { scenario, objective, cells, comparisons, bounds, conditions };
}

/** Read, not imported: the compiler would put a copy beside the compiled modules. */
function packageVersion(): string {
  return JSON.parse(readFileSync(require.resolve('cdk-compound-inference/package.json'), 'utf8')).version;
}
