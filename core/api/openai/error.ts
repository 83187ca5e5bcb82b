/** An error as clients of OpenAI read it. */
export interface OpenAiError {
  readonly message: string;
  readonly type: 'invalid_request_error' | 'rate_limit_error' | 'server_error';
  /** The field that is wrong. */
  readonly param: string | null;
  readonly code: string | null;
  /** When to ask again: an error in the middle of a stream has no headers. OpenAI's own have no such field. */
  readonly retry_after_seconds?: number;
}

export function errorType(status: number): OpenAiError['type'] {
  if (status === 429) return 'rate_limit_error';
  return status < 500 ? 'invalid_request_error' : 'server_error';
}
