import type { HttpSecret } from '../../core/graph/binding';
import type { Call } from '../../core/run/call';
import type { CallError, ServiceFault } from '../../core/run/errors';
import { callError, explain } from './call-error';
import type { SecretText } from './secrets';

/** The header by which a service knows its caller. */
export interface Credential {
  readonly header: string;
  readonly value: string;
}

/** What HTTP lets a header say. An interior line break would also be quoted by the error of `fetch`. */
const HEADER_VALUE = /^[\x20-\x7e]+$/;

/** @throws CallError that names the secret, never what is in it */
export async function credentialOf(secret: HttpSecret, reading: SecretText, call: Call): Promise<Credential> {
  let text: string | undefined;
  try {
    text = await reading;
  } catch (error) {
    throw unreadable(secret, call, error);
  }

  // Secrets that were pasted often end with a line break.
  const key = (secret.field === undefined ? text : fieldOf(text, secret.field))?.trim() ?? '';
  if (!HEADER_VALUE.test(key)) {
    const where = secret.field === undefined ? '' : ` in the field "${secret.field}" of a JSON object`;
    throw callError(
      call.component,
      'invalid',
      `cannot use its secret "${secret.secretId}": expected a text for a header${where}`,
    );
  }
  const { header = 'authorization', scheme = header.toLowerCase() === 'authorization' ? 'Bearer' : '' } = secret;
  return { header, value: scheme === '' ? key : `${scheme} ${key}` };
}

function unreadable({ secretId }: HttpSecret, call: Call, error: unknown): CallError {
  const explained = explain(call, error);
  const fault = explained.cause as ServiceFault | undefined;
  if (!fault) return explained;
  const { kind, retryAfterMs } = explained;
  return callError(call.component, kind, `cannot read its secret "${secretId}": ${fault.code}`, {
    cause: fault,
    retryAfterMs,
  });
}

function fieldOf(text: string | undefined, field: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '')?.[field];
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
