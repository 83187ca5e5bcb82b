import type { IConstruct } from 'constructs';
import { HOUR_MS } from '../../../core/time-units';
import {
  coldStartOf,
  DEFAULT_WARM_LIMITS,
  LATE,
  quantileMs,
  startPathsOf,
  unusedMs,
  type WarmedBackend,
} from '../../../core/warm';
import { warn } from '../../private/checks';
import type { WarmedComponent } from './warmed-component';

/** Warns of components that are never warmed, because an hour's budget does not pay for a single start of theirs. */
export function warnOfUnpayable(
  warmer: IConstruct,
  components: readonly WarmedComponent[],
  hourlyBudgetUsd: number,
): void {
  for (const { source, backend } of components) {
    const usd = warmUpUsd(backend);
    if (usd <= hourlyBudgetUsd) continue;
    const message =
      `${source.node.path} is not warmed: a start of one copy sets about ${dollars(usd)} US dollars aside, and the budget of an hour is ` +
      `${dollars(hourlyBudgetUsd)}: set hourlyBudget to ${dollars(usd)} or more, and monthlyBudget to no less than that, or leave it alone ` +
      'with components: [{ component, excluded: true }]';
    warn(warmer, 'prewarming/warm-up-above-budget', message);
  }
}

/** The least that is set aside for a copy of which only is known where it starts: for its start, and until it has gone again. */
function warmUpUsd(backend: WarmedBackend): number {
  const { pricePerHourUsd, minimumBillUsd = 0 } = backend;
  const coldStart = coldStartOf(undefined, startPathsOf(backend).afresh, 0);
  const startMs = quantileMs(coldStart, LATE);
  const paidMs = unusedMs(coldStart, startMs, startMs + DEFAULT_WARM_LIMITS.graceMs);
  return (pricePerHourUsd * paidMs) / HOUR_MS + minimumBillUsd;
}

/** To a cent that is not too few. */
function dollars(usd: number): string {
  return (Math.ceil(usd * 100) / 100).toFixed(2);
}
