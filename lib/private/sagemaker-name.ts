import { known, type Report, show } from './checks';

/**
 * Of endpoints, inference components and models alike.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateInferenceComponent.html
 */
const NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;

/** Refuses what SageMaker takes for no name. */
export function checkSageMakerName(id: string, field: string, given: string | undefined, report: Report): void {
  const name = known(given);
  if (name === undefined || NAME.test(name)) return;
  report(id, field, `must be 1 to 63 letters, digits and inner hyphens, got: ${show(name)}`);
}
