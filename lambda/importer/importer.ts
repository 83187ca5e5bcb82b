import { errorLike } from '../backends/error-like';
import type { ControlPlane } from './control-plane';
import { ensureModel, standing } from './ensure-model';
import { ImportFault } from './import-fault';
import { importName, isImportName } from './naming';
import { removeModel } from './remove-model';
import {
  type Accepted,
  type AwaitProperties,
  type Completion,
  type ImportProperties,
  type Outcome,
  type PendingRequest,
  type ResourceRequest,
  waitFor,
} from './requests';
import { isTemporary } from './service-errors';
import { syncTags } from './sync-tags';

export interface ImporterOptions {
  readonly plane: ControlPlane;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Takes one line for each look at Bedrock. */
  readonly log: (line: string) => void;
}

export interface Importer {
  readonly onEvent: (request: ResourceRequest) => Promise<Accepted>;
  readonly isComplete: (request: PendingRequest) => Promise<Completion>;
}

/**
 * The two functions of the provider.
 *
 * `onEvent` only names the resource and touches nothing, so that it cannot fail half-way: the framework hides from us
 * the deletion that follows. All work is in `isComplete`, which looks at Bedrock and does the next step towards what is
 * wanted.
 */
export function importer({ plane, now, log }: ImporterOptions): Importer {
  return {
    async onEvent(request: ResourceRequest): Promise<Accepted> {
      return {
        PhysicalResourceId: physicalId(request),
        StartedAt: now(),
        PreviousPhysicalId: request.PhysicalResourceId,
      };
    },

    async isComplete(request: PendingRequest): Promise<Completion> {
      const elapsedSeconds = (now() - request.StartedAt) / 1_000;
      const outcome = await tried(request, elapsedSeconds, () => next(plane, request, elapsedSeconds));
      log(JSON.stringify({ resource: request.PhysicalResourceId, request: request.RequestType, ...outcome }));
      return outcome.done ? { IsComplete: true, Data: outcome.attributes } : { IsComplete: false };
    },
  };
}

function physicalId(request: ResourceRequest): string {
  if (request.RequestType === 'Delete') return request.PhysicalResourceId!;
  const properties = request.ResourceProperties;
  return 'JobArn' in properties ? properties.JobArn : importName(request, properties);
}

function next(plane: ControlPlane, request: PendingRequest, elapsedSeconds: number): Promise<Outcome> {
  if (awaits(request)) return awaitJob(plane, request, elapsedSeconds);
  const resource = request as PendingRequest<ImportProperties>;
  return (request.RequestType === 'Delete' ? remove : ensure)(plane, resource, elapsedSeconds);
}

function awaits(request: PendingRequest): request is PendingRequest<AwaitProperties> {
  return 'JobArn' in request.ResourceProperties;
}

async function awaitJob(
  plane: ControlPlane,
  { RequestType, ResourceProperties }: PendingRequest<AwaitProperties>,
  elapsedSeconds: number,
): Promise<Outcome> {
  const { JobArn, ImportName, WaitSeconds } = ResourceProperties;
  const job = await plane.job(JobArn);
  if (RequestType === 'Delete') {
    // The resource before this one is deleted next, and goes on waiting.
    return job?.status === 'InProgress' && elapsedSeconds < Number(WaitSeconds)
      ? waitFor(`import job ${JobArn}, which cannot be cancelled, to end`)
      : { done: true };
  }
  if (job) return standing(job, ResourceProperties, elapsedSeconds);

  // A rollback returns to a job that ended long ago, and nobody promises that Bedrock keeps its record.
  const model = await plane.model(ImportName);
  if (model?.ours) return { done: true, attributes: { ModelArn: model.arn, JobArn } };
  throw new ImportFault(`there is neither an import job ${JobArn} nor a model of this stack named ${ImportName}`);
}

async function ensure(
  plane: ControlPlane,
  request: PendingRequest<ImportProperties>,
  elapsedSeconds: number,
): Promise<Outcome> {
  const outcome = await ensureModel(plane, request, elapsedSeconds);
  if (!outcome.done) return outcome;

  const orphan = orphanOf(request);
  // A rollback that fails leaves the stack stuck: rather leave the orphan.
  if (orphan !== undefined && elapsedSeconds <= Number(request.ResourceProperties.WaitSeconds)) {
    const removal = await removeModel(plane, orphan, elapsedSeconds, true);
    if (!removal.done) return removal;
  }
  await syncTags(plane, request, outcome.attributes?.ModelArn);
  return outcome;
}

/**
 * What a failed update made: if a rollback starts from properties that do not belong to the physical id that CloudFormation
 * knows, it never learned of the replacement, and will not delete it.
 */
function orphanOf(request: PendingRequest<ImportProperties>): string | undefined {
  const { OldResourceProperties: old, PreviousPhysicalId: current } = request;
  if (!old) return undefined;
  const left = importName(request, old);
  return left === current || left === request.PhysicalResourceId ? undefined : left;
}

function remove(
  plane: ControlPlane,
  request: PendingRequest<ImportProperties>,
  elapsedSeconds: number,
): Promise<Outcome> {
  const id = request.PhysicalResourceId;
  const known = isImportName(id);
  const name = known ? id : importName(request, request.ResourceProperties);
  return removeModel(plane, name, elapsedSeconds, !known);
}

/** What came of an attempt; waits after an error that may pass, as long as there is time. */
async function tried(
  { ResourceProperties: { WaitSeconds } }: PendingRequest,
  elapsedSeconds: number,
  attempt: () => Promise<Outcome>,
): Promise<Outcome> {
  try {
    const outcome = await attempt();
    if (outcome.done || elapsedSeconds <= Number(WaitSeconds)) return outcome;
    throw new ImportFault(`waited ${WaitSeconds} seconds in vain for ${outcome.waitingFor}: try again later`);
  } catch (error) {
    if (error instanceof ImportFault) throw error;
    const { name, message } = errorLike(error);
    const reason = `${name}: ${message}`;
    if (isTemporary(error, elapsedSeconds) && elapsedSeconds <= Number(WaitSeconds)) {
      return waitFor(reason);
    }
    throw new ImportFault(reason, { cause: error });
  }
}
