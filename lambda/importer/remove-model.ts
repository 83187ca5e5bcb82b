import type { ControlPlane } from './control-plane';
import { START_WINDOW_SECONDS } from './ensure-model';
import { type Outcome, waitFor } from './requests';

/** Longer than an import may still be started by a request that CloudFormation forgot. */
const FORGOTTEN_SECONDS = START_WINDOW_SECONDS + 60;

/**
 * Brings about that nothing is left of an import: waits for its job, which cannot be cancelled, and deletes the model.
 *
 * A model of the same name that this resource did not make stays.
 *
 * @param forgotten whether a request that CloudFormation no longer waits for may still start the import
 */
export async function removeModel(
  plane: ControlPlane,
  name: string,
  elapsedSeconds: number,
  forgotten: boolean,
): Promise<Outcome> {
  const running = (await plane.jobsFor(name)).find(({ status }) => status === 'InProgress');
  if (running) return waitFor(`import job ${running.arn}, which cannot be cancelled, to end`);

  const model = await plane.model(name);
  if (model?.ours) await plane.deleteModel(model.arn);

  if (forgotten && elapsedSeconds < FORGOTTEN_SECONDS) {
    return waitFor('an import that a forgotten request may still start');
  }
  return { done: true };
}
