import { BedrockServiceException } from '@aws-sdk/client-bedrock';
import { networkErrorKind, networkFault } from '../backends/network-errors';

/** New roles and policies hold only after a while. */
const IAM_PROPAGATION_SECONDS = 120;

const TEMPORARY = new Set(['ThrottlingException', 'ConflictException', 'ResourceInUseException']);

/** How Bedrock may say that it cannot yet use a new role; the words are not documented. */
const ABOUT_PERMISSIONS = /\b(role|permissions?|access|authorized)\b/i;

/** How Bedrock may say so of a name, which it takes as an identifier, too; which error it is then is not documented. */
const ABOUT_NOTHING =
  /\b(not found|(could not|cannot|unable to) find|do(es)? not exist|doesn't exist|identifier is invalid)\b/i;

export function isNotFound(error: unknown): boolean {
  if (!(error instanceof BedrockServiceException)) return false;
  const { name, message } = error;
  return name === 'ResourceNotFoundException' || (name === 'ValidationException' && ABOUT_NOTHING.test(message));
}

export function isQuotaExceeded(error: unknown): boolean {
  return error instanceof BedrockServiceException && error.name === 'ServiceQuotaExceededException';
}

/** Whether the same call may succeed later. */
export function isTemporary(error: unknown, elapsedSeconds: number): boolean {
  if (!(error instanceof BedrockServiceException)) {
    return networkErrorKind(networkFault(error)) !== 'failed';
  }
  const { name, message, $fault } = error;
  if ($fault === 'server' || TEMPORARY.has(name)) return true;
  if (elapsedSeconds > IAM_PROPAGATION_SECONDS) return false;
  return name === 'AccessDeniedException' || (name === 'ValidationException' && ABOUT_PERMISSIONS.test(message));
}
