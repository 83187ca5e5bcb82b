import type { Plan } from '../../sim/planner/plan';
import type { Interval } from '../../sim/statistics/interval';
import { table } from './table';

/** A plan as a table and a verdict in words. */
export function formatPlan(
  { objective, deployment, staticFleet, ...plan }: Plan,
  assumptions: readonly string[],
): string {
  const { offer, maxInstances, copies } = deployment;
  const rows = Object.entries(copies).map(([name, { min, max, targetConcurrency }]) => [
    name,
    String(min),
    String(max),
    String(targetConcurrency),
    String(plan.peakCopies[name]),
    ...(staticFleet ? [String(staticFleet.copies[name])] : []),
  ]);
  const { accelerators, accelerator, pricePerHourUsd } = offer;
  return `${[
    `${offer.type} (${accelerators} x ${accelerator}, $${pricePerHourUsd} an hour), at most ${maxInstances}`,
    '',
    ...table([['component', 'min', 'max', 'target', 'peak', ...(staticFleet ? ['static'] : [])], ...rows]),
    '',
    ...table([
      ['', 'this plan', ...(staticFleet ? ['static fleet'] : [])],
      ['cost a month', dollars(plan.usdPerMonth), ...(staticFleet ? [dollars(staticFleet.usdPerMonth)] : [])],
      ['P95', latency(plan.p95Ms), ...(staticFleet ? [latency(staticFleet.p95Ms)] : [])],
      [
        'instances, at most',
        `${plan.instances.most} (${plan.instances.mean.toFixed(1)} on average of the seeds)`,
        ...(staticFleet ? [String(staticFleet.instances)] : []),
      ],
      ['met a cold component', percent(plan.coldShare), ...(staticFleet ? [percent(0)] : [])],
      ['failed', percent(plan.errorShare), ...(staticFleet ? [''] : [])],
    ]),
    '',
    verdict({ objective, deployment, ...plan, ...(staticFleet && { staticFleet }) }),
    ...assumptions.map((assumption) => `assumed: ${assumption}`),
  ].join('\n')}\n`;
}

function verdict({
  objective,
  deployment: { copies },
  seeds,
  seedsWithin,
  staticFleet,
  usdPerMonth,
  requestsPerSeed,
}: Plan): string {
  const within = `The P95 was within ${seconds(objective.p95Ms)} in ${seedsWithin} of ${seeds} runs of about ${requestsPerSeed} requests that it was not tuned on.`;
  const tight = seedsWithin < seeds ? ' Plan for a lower objective to be on the safe side.' : '';
  if (!staticFleet) return `${within}${tight} No static fleet was found that meets it.`;
  const times = (staticFleet.usdPerMonth.mean / usdPerMonth.mean).toFixed(2);
  const isStatic = Object.values(copies).every(({ min, max }) => min === max);
  const compared = isStatic
    ? 'The copies never change: scaling them would save less than 5 %, or miss the objective.'
    : `The smallest static fleet found for the same objective costs ${times} times as much.`;
  return `${within}${tight}\n${compared}`;
}

function dollars({ mean, low, high }: Interval): string {
  const whole = (usd: number) => `$${Math.max(0, Math.round(usd))}`;
  return low === high ? whole(mean) : `${whole(mean)} (${whole(low)} to ${whole(high)})`;
}

function latency(interval: Interval | null): string {
  if (!interval) return 'none: too many failed';
  const { mean, low, high } = interval;
  return low === high ? seconds(mean) : `${seconds(mean)} (${seconds(Math.max(0, low))} to ${seconds(high)})`;
}

const seconds = (ms: number) => `${Number((ms / 1000).toPrecision(3))} s`;
const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
