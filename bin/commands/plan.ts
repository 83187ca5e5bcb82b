import { writeFile } from 'node:fs/promises';
import { Graph } from '../../core/graph';
import { type ConstructProps, constructModule, constructProps } from '../../sim/planner/construct-props';
import { INSTANCE_OFFERS, type InstanceOffer } from '../../sim/planner/instance-offers';
import { makePlan } from '../../sim/planner/plan';
import type { PlanFile } from '../../sim/planner/plan-file';
import { planSystem } from '../../sim/planner/planned-system';
import { spanWarnings } from '../../sim/planner/spans';
import { loadModule } from '../modules';
import { formatPlan } from '../planning/format-plan';
import { readPlanFile } from '../planning/read-plan-file';
import { readWorkload } from '../planning/read-workload';
import { Progress } from '../progress';
import { readArguments, readNumber, UsageError } from '../usage';

const EXAMPLE = 'compound plan --graph agent.ts --workload requests.csv --profiles plan.json --objective p95=8s';

/** Intervals over fewer would be as wide as the figure itself. */
const DEFAULT_SEEDS = '5';

/** Recommends instances, copies and targets for an agent, and tells what they will cost. */
export async function plan(args: string[]): Promise<void> {
  const { values } = readArguments({
    args,
    options: {
      graph: { type: 'string' },
      agent: { type: 'string' },
      workload: { type: 'string' },
      profiles: { type: 'string' },
      objective: { type: 'string' },
      seeds: { type: 'string', default: DEFAULT_SEEDS },
      out: { type: 'string' },
      'skip-bad': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const modulePath = required('--graph', values.graph);
  const workloadPath = required('--workload', values.workload);
  const planPath = required('--profiles', values.profiles);
  const p95Ms = readObjective(required('--objective', values.objective));
  const seeds = readNumber('--seeds', values.seeds, (n) => Number.isSafeInteger(n) && n >= 2, 'a whole number from 2');

  const graph = graphOf(modulePath, values.agent);
  const { file, profiles } = readPlanFile(planPath);
  const { system, assumptions } = planSystem(graph.describe(), file, profiles, { p95Ms });
  const { workload, notes } = await readWorkload(workloadPath, values['skip-bad']);
  const assumed = [...assumptions, ...spanWarnings(workload)];

  const progress = new Progress(process.stderr);
  for (const note of notes) progress.line(note);
  const onStep = (step: string) => progress.status(`planning ${graph.name} … ${step}`);
  const made = makePlan({ system, workload, offers: offersOf(file), seeds, onStep });
  progress.status('');

  const props = constructProps(system, made);
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ agent: graph.name, plan: made, props, assumptions: assumed }, undefined, 2)}\n`
      : formatPlan(made, assumed),
  );
  await writeModule(props, graph.name, values.out, values.json, progress);
}

function required(option: string, value: string | undefined): string {
  if (value !== undefined) return value;
  throw new UsageError(`${option} is missing: ${EXAMPLE}`);
}

/** `p95=8s`, `p95=800ms`. */
function readObjective(text: string): number {
  const match = /^p95=(\d+(?:\.\d+)?)(ms|s)$/.exec(text);
  const ms = match ? Number(match[1]) * (match[2] === 's' ? 1000 : 1) : 0;
  if (ms > 0) return ms;
  throw new UsageError(`--objective must be a time such as p95=8s or p95=800ms, got: ${text}`);
}

function graphOf(path: string, agent: string | undefined): Graph {
  const graphs = [...new Set(Object.values(loadModule(path)))].filter((value) => value instanceof Graph);
  if (graphs.length === 0) throw new UsageError(`${path} exports no graph`);
  const names = graphs.map(({ name }) => name).join(', ');
  if (agent === undefined) {
    if (graphs.length === 1) return graphs[0]!;
    throw new UsageError(`${path} exports several graphs, choose one with --agent: ${names}`);
  }
  const chosen = graphs.find(({ name }) => name === agent);
  if (chosen) return chosen;
  throw new UsageError(`${path} exports no graph ${agent}; it exports: ${names}`);
}

/** Those that the plan file allows, at its prices. */
function offersOf({ instanceTypes, pricesPerHourUsd }: PlanFile): InstanceOffer[] {
  return INSTANCE_OFFERS.filter(({ type }) => instanceTypes?.includes(type) ?? true).map((offer) => ({
    ...offer,
    pricePerHourUsd: pricesPerHourUsd?.[offer.type] ?? offer.pricePerHourUsd,
  }));
}

/** To a file if one is named; else below the table. */
async function writeModule(
  props: ConstructProps,
  agent: string,
  out: string | undefined,
  isJson: boolean,
  progress: Progress,
): Promise<void> {
  const source = constructModule(props, agent);
  if (out === undefined) {
    if (!isJson) process.stdout.write(`\n${source}`);
    return;
  }
  await writeFile(out, source).catch((error: Error) => {
    throw new Error(`cannot write ${out}: ${error.message}`);
  });
  progress.line(`wrote ${out}`);
}
