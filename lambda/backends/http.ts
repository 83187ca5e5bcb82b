import type { HttpBinding } from '../../core/graph/binding';
import type { Call } from '../../core/run/call';
import type { CallErrorKind, ServiceFault } from '../../core/run/errors';
import { callError } from './call-error';
import { parseJson, type WireRequest } from './formats/codec';
import { parseRetryAfterMs, statusKind } from './http-status';
import { serviceCode } from './service-code';

/** Far more than any answer of a model, and more than Lambda's 6 MB; a stream without end must not fill the memory. */
export const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

export async function post(binding: HttpBinding, { contentType, body }: WireRequest, call: Call): Promise<Uint8Array> {
  const isChat = call.component.format === 'openai-chat';
  const response = await fetch(isChat ? `${binding.url.replace(/\/+$/, '')}/chat/completions` : binding.url, {
    method: 'POST',
    headers: { 'content-type': contentType, ...binding.headers },
    body,
    signal: call.signal,
    // Following would repeat the headers, and with them any key, to wherever the server points.
    redirect: 'manual',
  });
  call.progress();
  const answer = await readBody(response, call);
  if (response.ok) return answer;

  const retryAfterMs = parseRetryAfterMs(response.headers.get('retry-after'));
  const kind = errorKind(response.status, retryAfterMs);
  throw callError(call.component, kind, `was answered HTTP ${response.status}`, {
    cause: faultOf(response, answer),
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
