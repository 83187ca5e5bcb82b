import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ObjectiveSplit, splitObjective } from '../../sim/planner/objective-split';
import { planSystem } from '../../sim/planner/planned-system';
import { tuningSpan } from '../../sim/planner/spans';
import type { RequestList } from '../../sim/workload/request-list';
import { synthesize } from '../../sim/workload/synthesize';
import type { SyntheticWorkload } from '../../sim/workload/synthetic';
import { chooseGraph } from '../planning/choose-graph';
import { formatSplit, splitMermaid } from '../planning/format-split';
import { offersOf } from '../planning/offers';
import { readObjective } from '../planning/read-objective';
import { readPlanFile } from '../planning/read-plan-file';
import { readWorkload } from '../planning/read-workload';
import { type WorkloadOptions, workloadOptions } from '../planning/workload-options';
import { readArguments, UsageError } from '../usage';

const EXAMPLE = 'compound slo agent.ts --objective p95=8s --profiles plan.json';

const SEED = 1;

/** Tokens of the Azure LLM conversation trace of 2023 (Splitwise, ISCA 2024). */
const CONVERSATION: SyntheticWorkload = {
  days: 1,
  meanRatePerSecond: 0.03,
  promptTokens: { lognormal: { p50: 1020, p95: 4083 }, max: 14_050 },
  outputTokens: { lognormal: { p50: 129, p95: 451 }, max: 1000 },
};

/** Splits the objective of an agent over its components, and tells what each share costs. */
export async function slo(args: string[]): Promise<void> {
  const { positionals, values } = readArguments({
    args,
    allowPositionals: true,
    options: {
      objective: { type: 'string' },
      profiles: { type: 'string' },
      agent: { type: 'string' },
      workload: { type: 'string' },
      rate: { type: 'string' },
      model: { type: 'string' },
      'skip-bad': { type: 'boolean', default: false },
      mermaid: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) throw new UsageError(`name one module: ${EXAMPLE}`);
  if (values.json && values.mermaid) throw new UsageError('choose one of --mermaid and --json');
  const p95Ms = values.objective === undefined ? undefined : readObjective(values.objective);

  const graph = chooseGraph(path, values.agent).describe();
  const { file, profiles } = readPlanFile(values.profiles ?? planBeside(path));
  const { system, assumptions } = planSystem(graph, file, profiles, { p95Ms: p95Ms ?? Infinity });
  const { requests, assumed } = await requestsOf(values.workload, workloadOptions(values));
  const split = splitObjective({
    system,
    requests,
    offers: offersOf(file),
    seed: SEED,
    ...(p95Ms !== undefined && { p95Ms }),
  });
  const told = [...(p95Ms === undefined ? [assumedObjective(split)] : []), ...assumptions, ...assumed];
  if (values.json)
    process.stdout.write(`${JSON.stringify({ agent: graph.name, ...split, assumptions: told }, null, 2)}\n`);
  else process.stdout.write(values.mermaid ? splitMermaid(split, graph) : formatSplit(split, told));
}

function planBeside(path: string): string {
  const beside = join(dirname(path), 'plan.json');
  if (existsSync(beside)) return beside;
  throw new UsageError(`--profiles is missing, and there is no ${beside}: ${EXAMPLE}`);
}

async function requestsOf(
  path: string | undefined,
  options: WorkloadOptions,
): Promise<{ readonly requests: RequestList; readonly assumed: readonly string[] }> {
  if (path !== undefined) {
    const { workload, notes } = await readWorkload(path, options);
    return { requests: tuningSpan(workload, SEED).requests, assumed: notes };
  }
  return {
    requests: synthesize(CONVERSATION, SEED),
    assumed: [
      'requests have 1020 prompt tokens (P95 4083) and 129 output tokens (P95 451), as conversations have: --workload tells those of yours',
    ],
  };
}

function assumedObjective({ objective: { p95Ms } }: ObjectiveSplit): string {
  return `the objective is p95=${p95Ms / 1000}s, twice what runs take at light load: --objective says better`;
}
