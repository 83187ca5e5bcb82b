import { errorLike } from '../backends/error-like';
import type { ControlPlane, ImportJob } from './control-plane';
import { ImportFault } from './import-fault';
import { importName, jobName } from './naming';
import { type ImportProperties, type Outcome, type PendingRequest, waitFor } from './requests';
import { isQuotaExceeded } from './service-errors';

/**
 * How long after a request its import may still be started.
 *
 * CloudFormation may forget a creation while it runs. What deletes the resource then must know when nothing can come
 * any more.
 */
export const START_WINDOW_SECONDS = 600;

/** Longer than the time between two calls, so that the reason of the last refusal is told. */
const START_MARGIN_SECONDS = 60;

/**
 * Brings about that the model of the properties is there: joins its import, takes it over, or starts its import.
 *
 * Looks at Bedrock anew in every call and remembers nothing, so it does not matter how often and how many at once call it.
 *
 * @throws ImportFault if the import failed, cannot be started, or takes too long
 */
export async function ensureModel(
  plane: ControlPlane,
  request: PendingRequest<ImportProperties>,
  elapsedSeconds: number,
): Promise<Outcome> {
  const properties = request.ResourceProperties;
  const name = importName(request, properties);
  const job = jobName(name, request.RequestId);

  const own = await plane.job(job);
  if (own) return standing(own, properties, elapsedSeconds);

  const [newest] = await plane.jobsFor(name);
  if (newest?.status === 'InProgress') return standing(newest, properties, elapsedSeconds);

  const model = await plane.model(name);
  if (model?.ours) return { done: true, attributes: { ModelArn: model.arn, JobArn: model.jobArn } };
  if (model) throw new ImportFault(takenName(name, model.arn));

  if (elapsedSeconds > START_WINDOW_SECONDS) throw new ImportFault(await lateFailure(plane, newest));
  return start(plane, name, job, properties, elapsedSeconds);
}

/**
 * Where a job stands.
 *
 * @throws ImportFault if it failed, or takes longer than anything waits for it
 */
export function standing(
  job: ImportJob,
  { WaitSeconds, Continued }: Pick<ImportProperties, 'WaitSeconds' | 'Continued'>,
  elapsedSeconds: number,
): Outcome {
  const { arn, status, modelArn } = job;
  if (status === 'Completed') return { done: true, attributes: { ModelArn: modelArn, JobArn: arn } };
  if (status === 'Failed') throw new ImportFault(failed(job));
  if (elapsedSeconds < Number(WaitSeconds)) return waitFor(`import job ${arn}`);
  if (Continued === 'true') return { done: true, attributes: { JobArn: arn } };
  throw new ImportFault(
    `the import is still running and cannot be cancelled; job: ${arn}. Give the model a longer importTimeout and deploy ` +
      'again: rolling back waits for the job to end, then deletes what it made',
  );
}

async function start(
  plane: ControlPlane,
  name: string,
  job: string,
  properties: ImportProperties,
  elapsedSeconds: number,
): Promise<Outcome> {
  try {
    await plane.start(name, job, properties);
  } catch (error) {
    const { message: reason = '' } = errorLike(error);
    // Another delivery of this request was faster.
    if (/job name is currently in use/i.test(reason)) return waitFor(`import job ${job} to appear`);
    const mayWait = elapsedSeconds + START_MARGIN_SECONDS < START_WINDOW_SECONDS;
    if (isQuotaExceeded(error)) {
      if (mayWait && (await plane.isImporting())) return waitFor('other imports to end: the quota is used up');
      throw new ImportFault(quotaExceeded(properties, reason), { cause: error });
    }
    if (mayWait) throw error;
    throw new ImportFault(`Bedrock refused to import ${properties.WeightsUri}: ${reason}`, { cause: error });
  }
  return waitFor(`import job ${job}`);
}

/** Why nothing is there although it is too late to start: the import of an earlier request was waited for, and failed. */
async function lateFailure(plane: ControlPlane, newest?: ImportJob): Promise<string> {
  const job = newest?.status === 'Failed' ? await plane.job(newest.arn) : undefined;
  return `${job ? failed(job) : 'the import could not be started in time'}: deploy again`;
}

function failed({ arn, failureMessage = 'no reason given' }: ImportJob): string {
  return `the import failed: ${failureMessage}; job: ${arn}`;
}

function takenName(name: string, arn: string): string {
  return (
    `an imported model named ${name} exists that this stack did not make: ${arn}. ` +
    'Delete it, or give the model another modelNamePrefix'
  );
}

function quotaExceeded({ WeightsUri }: ImportProperties, reason: string): string {
  return (
    `Bedrock refused to import ${WeightsUri}: ${reason}. Either the account has as many imported models as it may ` +
    '(3, unless raised: Service Quotas, L-45B04988; an update needs room for the new model beside the old one), ' +
    'or too many imports run at once: delete models that nobody needs, raise the quota, or order the imports by ' +
    'dependencies between their constructs'
  );
}
