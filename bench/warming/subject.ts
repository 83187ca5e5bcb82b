// Bundled into one file, as the simulator ships compiled.
import type { WarmPolicyName } from '../../core/warm/index.ts';
import { clairvoyantPolicy } from '../../sim/experiment/policies/clairvoyant.ts';
import { fixedKeepAlivePolicy } from '../../sim/experiment/policies/fixed-keep-alive.ts';
import { prewarmPolicy } from '../../sim/experiment/policies/prewarm.ts';
import type { Policy } from '../../sim/experiment/policy.ts';
import type { Scenario } from '../../sim/experiment/scenario.ts';
import { score } from '../../sim/experiment/score.ts';
import { simulate } from '../../sim/experiment/simulate.ts';
import { DAY_US } from '../../sim/kernel/time-units.ts';
import type { RequestList } from '../../sim/workload/request-list.ts';
import { synthesize } from '../../sim/workload/synthesize.ts';
import { type CopyUse, copyWatch } from './copy-watch.ts';
import type { FixedFigures, PolicyFigures, WorkloadFigures } from './figures.ts';
import { WORKLOADS } from './workloads.ts';

export { timeDecisions } from './decision.ts';

/** Dials between money and waiting: the default, and two below it. */
const PENALTY_FACTORS = [50, 15, 5] as const;

/** Minutes after the last call, about a third apart: from what functions as a service do to what never lets go. */
const KEEP_MINUTES = [
  10, 20, 30, 45, 60, 75, 90, 105, 120, 135, 150, 165, 180, 195, 210, 240, 300, 360, 480, 600, 900,
] as const;

/** Dollars a month, of which an hour may have a thirtieth as a deployment has it by default: what entry needs, and more. */
const BUDGETS_USD = [1_000, 10_000] as const;
const BUDGETED: readonly WarmPolicyName[] = ['entry', 'entryKeepAlive'];

const PREWARMED: readonly WarmPolicyName[] = ['keepAlive', 'entry', 'entryKeepAlive', 'entryForecast'];

type Figures = Omit<PolicyFigures, 'policy' | 'precision' | 'recall' | 'fixed'> & CopyUse;

/** Runs one workload under every policy, once for each seed. */
export function measureWorkload(name: string, seeds: readonly number[]): WorkloadFigures {
  const { title, scenario } = WORKLOADS[name]!;
  const loads = seeds.map((seed) => ({ seed, requests: synthesize(scenario.workload, seed) }));
  const measure = (policies: () => Policy[]) =>
    meanOf(loads.map(({ seed, requests }) => run(scenario, requests, seed, policies())));

  const none = measure(() => []);
  const curve = KEEP_MINUTES.map((keepMinutes) => ({
    keepMinutes,
    ...measure(() => [fixedKeepAlivePolicy(keepMinutes)]),
  }));
  const figures = (policy: string, measured: Figures, isRival: boolean): PolicyFigures => {
    const { used, wasted, coldCalls, ...rest } = measured;
    const precision = used + wasted === 0 ? 1 : used / (used + wasted);
    const recall = 1 - coldCalls / none.coldCalls;
    return { policy, ...rest, precision, recall, ...(isRival && { fixed: atCost(curve, measured.costUsd) }) };
  };
  const prewarmed = PREWARMED.flatMap((policy) =>
    PENALTY_FACTORS.map((delayPenaltyFactor) =>
      figures(
        `${policy}, ${delayPenaltyFactor}`,
        measure(() => [prewarmPolicy(policy, { delayPenaltyFactor })]),
        true,
      ),
    ),
  );
  const budgeted = BUDGETED.flatMap((policy) =>
    BUDGETS_USD.map((monthlyBudgetUsd) => {
      const limits = { monthlyBudgetUsd, hourlyBudgetUsd: monthlyBudgetUsd / 30 };
      return figures(
        `${policy}, $${monthlyBudgetUsd.toLocaleString('en-US')}`,
        measure(() => [prewarmPolicy(policy, { limits })]),
        false,
      );
    }),
  );
  return {
    workload: name,
    title,
    requests: Math.round(loads.reduce((sum, { requests }) => sum + requests.count, 0) / loads.length),
    policies: [
      figures('none', none, false),
      figures('fixed, 10 min', curve[0]!, false),
      ...prewarmed,
      figures(
        'oracle',
        measure(() => [clairvoyantPolicy()]),
        false,
      ),
    ],
    budgeted,
  };
}

function run(scenario: Scenario, requests: RequestList, seed: number, policies: readonly Policy[]): Figures {
  const scoreFromUs = scenario.trainingDays * DAY_US;
  let use: CopyUse = { used: 0, wasted: 0, wastedUsd: 0, coldCalls: 0 };
  const watch = copyWatch(scoreFromUs, (ended) => {
    use = ended;
  });
  const settings = { scenario, world: scenario.world, requests, seed, scoreFromUs };
  const outcome = simulate({ ...settings, policies: [...policies, watch] });
  const { row } = score(outcome, requests.durationUs - scoreFromUs, scenario.objective.p95Ms);
  const depths = outcome.log.depth.subarray(outcome.firstScored);
  return {
    ...use,
    coldShare: row.coldShare,
    depth: depths.reduce((sum, depth) => sum + depth, 0) / Math.max(1, depths.length),
    p95Seconds: (row.p95Ms ?? Infinity) / 1000,
    p99Seconds: (row.p99Ms ?? Infinity) / 1000,
    costUsd: row.costUsd,
    errors: row.errors,
  };
}

function meanOf(all: readonly Figures[]): Figures {
  const mean = (of: (figures: Figures) => number) => all.reduce((sum, each) => sum + of(each), 0) / all.length;
  return {
    coldShare: mean(({ coldShare }) => coldShare),
    depth: mean(({ depth }) => depth),
    p95Seconds: mean(({ p95Seconds }) => p95Seconds),
    p99Seconds: mean(({ p99Seconds }) => p99Seconds),
    costUsd: mean(({ costUsd }) => costUsd),
    wastedUsd: mean(({ wastedUsd }) => wastedUsd),
    used: mean(({ used }) => used),
    wasted: mean(({ wasted }) => wasted),
    coldCalls: mean(({ coldCalls }) => coldCalls),
    errors: mean(({ errors }) => errors),
  };
}

/** Linear between the two nearest spends; where none costs as little or as much, the cheapest or the dearest. */
function atCost(curve: readonly FixedFigures[], costUsd: number): FixedFigures {
  const byCost = curve.toSorted((a, b) => a.costUsd - b.costUsd);
  const above = byCost.findIndex((each) => each.costUsd >= costUsd);
  if (above <= 0) return pick(above < 0 ? byCost.at(-1)! : byCost[0]!);
  const [low, high] = [byCost[above - 1]!, byCost[above]!];
  const share = (costUsd - low.costUsd) / (high.costUsd - low.costUsd);
  const between = (of: (figures: FixedFigures) => number) => of(low) + share * (of(high) - of(low));
  return {
    keepMinutes: between(({ keepMinutes }) => keepMinutes),
    coldShare: between(({ coldShare }) => coldShare),
    p95Seconds: between(({ p95Seconds }) => p95Seconds),
    costUsd,
  };
}

const pick = ({ keepMinutes, coldShare, p95Seconds, costUsd }: FixedFigures): FixedFigures => ({
  keepMinutes,
  coldShare,
  p95Seconds,
  costUsd,
});
