import { createHash } from 'node:crypto';
import type { ImportProperties, ResourceRequest } from './requests';

/** Enough that two inputs of one stack never meet. */
const FINGERPRINT_LENGTH = 10;

const IMPORT_NAME = /-[0-9a-f]{10}$/;

/**
 * The name of the model that these properties stand for: at once the name in Bedrock and the physical id.
 *
 * The same stack, resource and inputs have the same name. So a rolled back update finds the model that it had, a retried
 * deployment finds its import, and a deletion finds what a forgotten creation made. Changed inputs have another name,
 * which makes CloudFormation replace the resource. The name of the stack counts, not its id: a stack that failed to be
 * created comes again with another id.
 */
export function importName(
  { StackId, LogicalResourceId }: Pick<ResourceRequest, 'StackId' | 'LogicalResourceId'>,
  { NamePrefix, WeightsUri, KmsKeyId = '' }: ImportProperties,
): string {
  const stackName = StackId.split('/')[1];
  return `${NamePrefix}-${fingerprint([stackName, LogicalResourceId, WeightsUri, KmsKeyId])}`;
}

/** Whether a physical id is one of ours. CloudFormation invents one if it forgot a creation before it answered. */
export function isImportName(physicalId: string): boolean {
  return IMPORT_NAME.test(physicalId);
}

/**
 * The import job of one request. All deliveries of the request share it; another request has another, because Bedrock
 * keeps the names of jobs that have ended, failed ones too.
 */
export function jobName(importName: string, requestId: string): string {
  return `${jobNamePrefix(importName)}${fingerprint([requestId])}`;
}

/** What the names of all jobs for a model begin with. */
export function jobNamePrefix(importName: string): string {
  return `${importName}-`;
}

function fingerprint(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, FINGERPRINT_LENGTH);
}
