import type { HttpBinding } from '../../core/graph/binding';
import type { Call } from '../../core/run/call';
import type { CallErrorKind, ServiceFault } from '../../core/run/errors';
import { callError } from './call-error';
import { type Credential, credentialOf } from './credential';
import { parseJson, type WireRequest } from './formats/codec';
import { parseRetryAfterMs, statusKind } from './http-status';
import { Secrets } from './secrets';
import { serviceCode } from './service-code';

/** Far more than any answer of a model, and more than Lambda's 6 MB; a stream without end must not fill the memory. */
export const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** Statuses of a service that does not know its caller, or no longer. */
const REFUSED: ReadonlySet<number> = new Set([401, 403]);

export type PostToService = (binding: HttpBinding, request: WireRequest, call: Call) => Promise<Uint8Array>;

/** Services behind URLs, with their secrets. */
export function httpServices(): PostToService {
  const secrets = new Secrets();
  return async (binding, request, call) => {
    const { secret } = binding;
    if (!secret) return answerOf(await post(binding, request, call), call);

    const reading = secrets.read(secret.secretId);
    const credential = await credentialOf(secret, reading, call);
    const exchange = await post(binding, request, call, credential);
    if (!REFUSED.has(exchange.response.status)) return answerOf(exchange, call);

    // Rotated meanwhile?
    const renewed = await credentialOf(secret, secrets.readAfter(secret.secretId, reading), call);
    const isSame = renewed.value === credential.value;
    return answerOf(isSame ? exchange : await post(binding, request, call, renewed), call);
  };
}

interface Exchange {
  readonly response: Response;
  readonly body: Uint8Array;
}

async function post(
  binding: HttpBinding,
  { contentType, body }: WireRequest,
  call: Call,
  credential?: Credential,
): Promise<Exchange> {
  const isChat = call.component.format === 'openai-chat';
  const headers = new Headers({ 'content-type': contentType, ...binding.headers });
  if (credential) headers.set(credential.header, credential.value);
  const response = await fetch(isChat ? `${binding.url.replace(/\/+$/, '')}/chat/completions` : binding.url, {
    method: 'POST',
    headers,
    body,
    signal: call.signal,
    // Following would repeat the headers, and with them any key, to wherever the server points.
    redirect: 'manual',
  });
  call.progress();
  return { response, body: await readBody(response, call) };
}

function answerOf({ response, body }: Exchange, { component }: Call): Uint8Array {
  if (response.ok) return body;
  const retryAfterMs = parseRetryAfterMs(response.headers.get('retry-after'));
  const kind = errorKind(response.status, retryAfterMs);
  throw callError(component, kind, `was answered HTTP ${response.status}`, {
    cause: faultOf(response, body),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/**
 * A server that is overloaded and one that has yet to load its model both answer 503. One that names a time expects to
 * serve by then, so the call waits for it without spending its attempts; one that does not may never serve.
 */
function errorKind(status: number, retryAfterMs: number | undefined): CallErrorKind {
  return status === 503 && retryAfterMs !== undefined ? 'not-ready' : statusKind(status);
}

async function readBody(response: Response, call: Call): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    call.progress();
    bytes += chunk.byteLength;
    if (bytes > MAX_ANSWER_BYTES) {
      throw callError(call.component, 'failed', `answered with more than ${MAX_ANSWER_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** OpenAI-compatible servers answer `{ error: { message, type, code } }`; of other bodies nothing is kept. */
function faultOf({ status, statusText, headers }: Response, body: Uint8Array): ServiceFault {
  const { message, type, code } = readError(body);
  const word = [code, type].find((word) => typeof word === 'string');
  const requestId = headers.get('x-request-id');
  return {
    code: word === undefined ? `HTTP ${status}` : serviceCode(word),
    message: typeof message === 'string' ? message : statusText,
    httpStatus: status,
    ...(requestId && { requestId }),
  };
}

function readError(body: Uint8Array): { message?: unknown; type?: unknown; code?: unknown } {
  try {
    return parseJson(body).error ?? {};
  } catch {
    return {};
  }
}
