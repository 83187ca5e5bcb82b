import { table } from '../table.ts';
import { type Target, targetTable } from '../targets.ts';
import type { PolicyFigures, WorkloadFigures } from './figures.ts';

/** Where, when and how the figures came about. */
export interface Circumstances {
  readonly date: string;
  readonly machine: string;
  readonly command: string;
  readonly seeds: readonly number[];
}

/** The figures as Markdown that is also fit for a terminal. */
export function report(
  workloads: readonly WorkloadFigures[],
  { date, machine, command, seeds }: Circumstances,
): string {
  return `# Pre-warming

${date}, ${machine}. Command: \`${command}\`.

Simulated with the decisions of the runtime, seeds ${seeds.join(', ')}: two weeks of each workload, the second scored. Everything may scale to
zero. Without a policy a copy goes when SageMaker's alarm has seen 15 minutes of low load, and a call that is refused
starts one after up to 60 s. The number after a policy is its \`delayPenaltyFactor\`. Fixed keep-alive holds one copy of
each component for the same time after its last call; "at equal spend" is the length that costs as much as the policy
beside it, known in hindsight and interpolated between the nearest two of 21. The oracle knows every request to come.

Precision and waste are of idle copies that a policy is answerable for: idle for longer than the alarm would have kept
them, or started before a call. Recall is of the nodes that meet no copy without a policy.

Where a call gets less likely the longer none has come, as in bursts without a pattern, no policy that does not know the
future beats a fixed keep-alive of the right length: there a target beside one known in hindsight cannot be met.

## Targets of pre-warming

${targetTable(targetsOf(workloads))}

They are judged on \`${PROMISED}\`, not on \`entry\`, the default of a deployment. Beside the same fixed keep-alive the oracle, which spends no more than
knowing the future takes, reaches:

${table(['', 'oracle: USD', 'oracle: cold runs', 'fewer than fixed keep-alive'], workloads.filter(isSparse).map(oracleLine))}

${workloads.map(workloadSection).join('\n\n')}
`;
}

function workloadSection({ workload, title, requests, policies, budgeted }: WorkloadFigures): string {
  const oracle = policies.find(({ policy }) => policy === 'oracle')!;
  const head = [
    'policy',
    'cold runs',
    'depth',
    'P95 s',
    'beside oracle',
    'P99 s',
    'USD',
    'wasted',
    'precision',
    'recall',
  ];
  return `## ${capital(workload)}

${capital(title)}; ${requests.toLocaleString('en-US')} requests.

${table(
  head,
  policies.map((each) => line(each, oracle)),
)}

At equal spend:

${table(
  ['policy', 'USD', 'cold runs', 'fixed: min', 'fixed: cold runs', 'fewer cold runs', 'fixed: P95 s', 'lower P95'],
  policies.flatMap((each) => (each.fixed ? [comparison(each, each.fixed)] : [])),
)}

Within a monthly budget:

${table(
  head,
  budgeted.map((each) => line(each, oracle)),
)}`;
}

function line(each: PolicyFigures, oracle: PolicyFigures): string[] {
  const { policy, coldShare, depth, p95Seconds, p99Seconds, costUsd, wastedUsd, precision, recall } = each;
  return [
    policy,
    percent(coldShare),
    depth.toFixed(3),
    p95Seconds.toFixed(1),
    change(p95Seconds / oracle.p95Seconds - 1),
    p99Seconds.toFixed(1),
    dollars(costUsd),
    dollars(wastedUsd),
    precision.toFixed(2),
    recall.toFixed(2),
  ];
}

function comparison(
  { policy, coldShare, p95Seconds, costUsd }: PolicyFigures,
  fixed: NonNullable<PolicyFigures['fixed']>,
) {
  return [
    policy,
    dollars(costUsd),
    percent(coldShare),
    fixed.keepMinutes.toFixed(0),
    percent(fixed.coldShare),
    change(1 - coldShare / fixed.coldShare),
    fixed.p95Seconds.toFixed(1),
    change(1 - p95Seconds / fixed.p95Seconds),
  ];
}

/** The promises are of the policy with its default dial, on sparse traffic in bursts: with a pattern and without. */
const PROMISED = 'entryKeepAlive, 50';

const isSparse = ({ workload }: WorkloadFigures) => workload.includes('sparse');

function oracleLine({ workload, policies }: WorkloadFigures): string[] {
  const promised = policies.find(({ policy }) => policy === PROMISED)!;
  const oracle = policies.find(({ policy }) => policy === 'oracle')!;
  const fewer = 1 - oracle.coldShare / promised.fixed!.coldShare;
  return [workload, dollars(oracle.costUsd), percent(oracle.coldShare), change(fewer)];
}

function targetsOf(workloads: readonly WorkloadFigures[]): Target[] {
  return workloads.filter(isSparse).flatMap(({ workload, policies }): Target[] => {
    const promised = policies.find(({ policy }) => policy === PROMISED)!;
    const oracle = policies.find(({ policy }) => policy === 'oracle')!;
    const fewer = 1 - promised.coldShare / promised.fixed!.coldShare;
    return [
      {
        promise: `${workload}: fewer cold runs than fixed keep-alive of equal spend`,
        measured: 100 * fewer,
        limit: 80,
        isMinimum: true,
        unit: '%',
      },
      {
        promise: `${workload}: P95 above that of the oracle`,
        measured: 100 * (promised.p95Seconds / oracle.p95Seconds - 1),
        limit: 15,
        unit: '%',
      },
    ];
  });
}

const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
const change = (share: number) => (Number.isFinite(share) ? `${(100 * share).toFixed(0)} %` : '-');
const dollars = (usd: number) => usd.toLocaleString('en-US', { maximumFractionDigits: 0 });
const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);
