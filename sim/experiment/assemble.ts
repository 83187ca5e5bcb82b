import { describeWorkload } from '../workload/describe';
import { synthesize } from '../workload/synthesize';
import { meanBoundsOf } from './bounds-of';
import { conditionsOf } from './conditions';
import type { CellRun, Experiment } from './experiment';
import type { ExperimentResult, WorkloadSummary } from './result';
import type { Scenario } from './scenario';
import type { Studies } from './studies';
import { summarize } from './summarize';

/** What the runs cannot know of themselves. */
export interface Provenance {
  /** Hashes of the code in each process that ran a part. */
  readonly codes: readonly string[];
  readonly version: string;
  readonly platform: string;
  readonly command: string;
}

/** What weakens any conclusion from these runs; printed with every report. */
const THREATS = [
  'The control plane of AWS is simulated from its documentation and from observations; delays are parameters, not measurements of an account.',
  'Copies are calibrated on two vLLM logs of GPUs outside AWS, deep in overload: unloaded first tokens are extrapolated.',
  'Arrivals within ten minutes are modelled (renewal processes of a given variation), not replayed.',
  'Prices are of one Region in November 2026, on demand; commitments favour static fleets (see where static wins).',
  'Prefixes are cached only where the scenario names what prompts share; speculative decoding and multi-node models are not modelled.',
  'Instances are billed from the moment they are asked for, which is to the disadvantage of what scales.',
];

/** Puts together what a report shows. @param runs of every task that was finished */
export function assembleResult(
  experiment: Experiment,
  runs: readonly CellRun[],
  provenance: Provenance,
  studies: Studies = {},
): ExperimentResult {
  const { scenario, seeds } = experiment;
  const bounds = meanBoundsOf(scenario, seeds);
  const findings = summarize(experiment, runs, bounds);
  const ofFirstSeed = runs.filter(({ row }) => row.seed === seeds[0]);
  const { version, platform, command, codes } = provenance;
  return {
    schemaVersion: 1,
    scenario: { name: scenario.name, description: scenario.description },
    madeBy: { version, platform, command },
    objective: scenario.objective,
    workload: describe(scenario, seeds[0]!),
    conditions: conditionsOf(experiment, runs, findings.rows, codes),
    ...findings,
    bounds,
    series: ofFirstSeed.flatMap(({ series }) => series ?? []),
    cascades: ofFirstSeed.flatMap(({ cascade }) => cascade ?? []),
    ...studies,
    threats: THREATS,
  };
}

function describe({ workload }: Scenario, seed: number): WorkloadSummary {
  const { count, meanRatePerSecond, peakRatePerSecond, interArrivalCv, promptTokens, outputTokens } = describeWorkload(
    synthesize(workload, seed),
  );
  return {
    requests: count,
    days: workload.days,
    meanRps: meanRatePerSecond,
    peakRps: peakRatePerSecond,
    gapVariation: interArrivalCv ?? 0,
    promptTokens,
    outputTokens,
  };
}
