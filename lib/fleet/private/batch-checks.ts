import type { IConstruct } from 'constructs';
import { known, type Report, show, warn } from '../../private/checks';
import type { FleetMember } from '../fleet-ref';
import type { CopyBatch, RollingUpdate } from '../rolling-update';

// https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InferenceComponentRollingUpdatePolicy.html
const LEAST_PERCENT = 5;
const MOST_PERCENT = 50;

/** Whether the steps of an update, and of its rollback, are of a size that there is. */
export function checkBatches(report: Report, { batch, rollbackBatch }: RollingUpdate): void {
  checkBatch(report, 'rollingUpdate.batch', batch, LEAST_PERCENT, MOST_PERCENT);
  if (rollbackBatch) checkBatch(report, 'rollingUpdate.rollbackBatch', rollbackBatch, 1, 100);
}

/**
 * Whether a step of so many copies is a share of the copies that SageMaker takes: at synthesis, when scaling is known. One that is not
 * fails only in the first update.
 */
export function checkBatchShare(
  component: IConstruct,
  { batch }: RollingUpdate,
  { minCopies, maxCopies }: Pick<FleetMember, 'minCopies' | 'maxCopies'>,
  report: Report,
): void {
  const [size, least, most] = [known(batch._value), known(minCopies), known(maxCopies)];
  if (batch._type === 'CAPACITY_PERCENT' || size === undefined || least === undefined || most === undefined) return;
  const field = 'rollingUpdate.batch';
  const rule = `must be ${LEAST_PERCENT} % to ${MOST_PERCENT} % of the copies`;
  if (size === 1 && most === 1) {
    const all =
      'one is all that there is, and SageMaker does not say whether it takes that: let the component have 2 copies';
    warn(component, 'component/batch-of-all', `${field}: ${rule}; ${all}, or acknowledge this if updates go through`);
  } else if (100 * size > MOST_PERCENT * most) {
    const remedy = `of which there are at most ${most}: use CopyBatch.percent(${MOST_PERCENT})`;
    report('component/batch-share', field, `${rule}, ${remedy}, got: ${size}`);
  } else if (100 * size < LEAST_PERCENT * least) {
    const remedy = `of which there are at least ${least}: use CopyBatch.percent(${LEAST_PERCENT})`;
    report('component/batch-share', field, `${rule}, ${remedy}, got: ${size}`);
  }
}

function checkBatch(report: Report, field: string, batch: CopyBatch, minPercent: number, maxPercent: number): void {
  const size = known(batch._value);
  if (size === undefined) return;
  if (batch._type === 'COPY_COUNT' && !(Number.isInteger(size) && size >= 1)) {
    report('component/batch', field, `must be a whole number of at least 1 copy, got: ${show(size)}`);
  }
  if (batch._type === 'CAPACITY_PERCENT' && !(Number.isInteger(size) && size >= minPercent && size <= maxPercent)) {
    const range = `must be a whole number from ${minPercent} to ${maxPercent} percent`;
    report('component/batch', field, `${range}, got: ${show(size)}`);
  }
}
