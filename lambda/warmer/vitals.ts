import { WARMER_METRICS, WARMER_SERVICE, type WarmerMetric } from '../../core/telemetry/metrics';
import { isSwitchedOff, monthSpentUsd } from '../../core/warm';
import { metricFields } from '../telemetry/metric-fields';
import type { Entry } from '../warm-board/board';
import { type HoldDocument, holdId, POLICY_ID } from '../warm-board/documents';
import type { WarmerContext } from './context';
import { policyOf } from './memory';

/** How the warmer stands, as fields of a log line. */
export async function vitals({ board, config, time }: WarmerContext): Promise<Readonly<Record<string, unknown>>> {
  const nowMs = time.nowMs();
  const { state, changed } = policyOf((await board.read([POLICY_ID])).get(POLICY_ID));
  const written = await board.read(changed.map(holdId));
  const isHeld = (key: string) => (state.holds[key]?.untilMs ?? 0) > nowMs;
  const precisions = [state.precision, state.aheadPrecision];
  const budgetUsd = config.limits.monthlyBudgetUsd;
  return warmerMetrics(
    {
      BudgetUsed: budgetUsd > 0 ? (100 * monthSpentUsd(state.spend, nowMs)) / budgetUsd : 0,
      SwitchedOff: precisions.some((precision) => precision && isSwitchedOff(precision, nowMs)) ? 1 : 0,
      HeldComponents: Object.keys(state.holds).filter(isHeld).length,
      Unrestored: changed.filter((key) => isUnrestored(written.get(holdId(key))) && !isHeld(key)).length,
    },
    nowMs,
  );
}

/** What somebody else has raised further is theirs to lower first. */
function isUnrestored(entry: Entry | undefined): boolean {
  return entry !== undefined && !(entry.value as HoldDocument).hold.isReleased;
}

/** Metrics of the warmer, as fields of a log line. */
export function warmerMetrics(values: Readonly<Partial<Record<WarmerMetric, number>>>, nowMs: number) {
  const dimensions = { service: WARMER_SERVICE, function: process.env.AWS_LAMBDA_FUNCTION_NAME ?? 'local' };
  return metricFields(WARMER_METRICS, values, dimensions, nowMs);
}
