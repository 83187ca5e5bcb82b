import { type ConstructProps, constructModule, constructProps } from '../../sim/planner/construct-props';
import { makePlan } from '../../sim/planner/plan';
import { planSystem } from '../../sim/planner/planned-system';
import { spanWarnings } from '../../sim/planner/spans';
import { chooseGraph } from '../planning/choose-graph';
import { formatPlan } from '../planning/format-plan';
import { offersOf } from '../planning/offers';
import { readObjective } from '../planning/read-objective';
import { readPlanFile } from '../planning/read-plan-file';
import { readWorkload } from '../planning/read-workload';
import { workloadOptions } from '../planning/workload-options';
import { Progress } from '../progress';
import { readArguments, readNumber, UsageError } from '../usage';
import { writeOutput } from '../write-output';

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
      profiles: { type: 'string' },
      objective: { type: 'string' },
      seeds: { type: 'string', default: DEFAULT_SEEDS },
      out: { type: 'string' },
      workload: { type: 'string' },
      rate: { type: 'string' },
      model: { type: 'string' },
      'skip-bad': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const modulePath = required('--graph', values.graph);
  const workloadPath = required('--workload', values.workload);
  const planPath = required('--profiles', values.profiles);
  const p95Ms = readObjective(required('--objective', values.objective));
  const seeds = readNumber('--seeds', values.seeds, (n) => Number.isSafeInteger(n) && n >= 2, 'a whole number from 2');

  const graph = chooseGraph(modulePath, values.agent);
  const { file, profiles } = readPlanFile(planPath);
  const { system, assumptions } = planSystem(graph.describe(), file, profiles, { p95Ms });
  const { workload, notes } = await readWorkload(workloadPath, workloadOptions(values));
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
  await writeOutput('--out', out, source);
  progress.line(`wrote ${out}`);
}
