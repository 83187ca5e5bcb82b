import type { HttpBinding } from '../../core/graph/binding';
import type { Call } from '../../core/run/call';
import type { CallError, CallErrorKind, ServiceFault } from '../../core/run/errors';
import { traceHeaders } from '../telemetry/tracing/run-trace';
import { byteLength, limited } from './answer-limit';
import { callError } from './call-error';
import { type Credential, credentialOf } from './credential';
import { parseJson, type WireRequest } from './formats/codec';
import { parseRetryAfterMs, statusKind } from './http-status';
import { Secrets } from './secrets';
import { serviceCode } from './service-code';

/** Statuses of a service that does not know its caller, or no longer. */
const REFUSED: ReadonlySet<number> = new Set([401, 403]);

/** Services behind URLs, with their secrets. */
export function httpServices() {
  const secrets = new Secrets();

  /** @returns an answer that is no error, with its body unread */
  async function request(binding: HttpBinding, wire: WireRequest, call: Call): Promise<Response> {
    const { secret } = binding;
    if (!secret) return accepted(await post(binding, wire, call), call);

    const reading = secrets.read(secret.secretId);
    const credential = await credentialOf(secret, reading, call);
    const response = await post(binding, wire, call, credential);
    if (!REFUSED.has(response.status)) return accepted(response, call);

    const refused = await refusal(response, call);
    // Rotated meanwhile?
    const renewed = await credentialOf(secret, secrets.readAfter(secret.secretId, reading), call);
    if (renewed.value === credential.value) throw refused;
    return accepted(await post(binding, wire, call, renewed), call);
  }

  return {
    async post(binding: HttpBinding, wire: WireRequest, call: Call): Promise<Uint8Array> {
      const response = await request(binding, wire, call);
      call.progress();
      return readBody(response, call, () => call.progress());
    },

    /** The bytes of the answer as they come. Its headers may come long before, and are no part of it. */
    async *stream(binding: HttpBinding, wire: WireRequest, call: Call): AsyncGenerator<Uint8Array> {
      const { body } = await request(binding, wire, call);
      if (body) yield* body;
    },
  };
}

function post(
  binding: HttpBinding,
  { contentType, body }: WireRequest,
  call: Call,
  credential?: Credential,
): Promise<Response> {
  const isChat = call.component.format === 'openai-chat';
  const headers = new Headers({ ...traceHeaders(), 'content-type': contentType, ...binding.headers });
  if (credential) headers.set(credential.header, credential.value);
  return fetch(isChat ? `${binding.url.replace(/\/+$/, '')}/chat/completions` : binding.url, {
    method: 'POST',
    headers,
    body,
    signal: call.signal,
    // Following would repeat the headers, and with them any key, to wherever the server points.
    redirect: 'manual',
  });
}

async function accepted(response: Response, call: Call): Promise<Response> {
  if (response.ok) return response;
  throw await refusal(response, call);
}

async function refusal(response: Response, call: Call): Promise<CallError> {
  const cause = faultOf(response, await readBody(response, call));
  const retryAfterMs = parseRetryAfterMs(response.headers.get('retry-after'));
  return callError(call.component, errorKind(response.status, retryAfterMs), `was answered HTTP ${response.status}`, {
    cause,
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

/** @param onPart told of each part; left out of a refusal, which is no part of an answer */
async function readBody({ body }: Response, call: Call, onPart?: () => void): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  if (!body) return new Uint8Array();
  for await (const part of limited(body, byteLength, call)) {
    onPart?.();
    parts.push(part);
  }
  return Buffer.concat(parts);
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
