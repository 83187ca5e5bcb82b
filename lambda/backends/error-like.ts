/** What an error may carry. Read by shape: clients throw what is no `Error`, or one of another realm. */
export interface ErrorLike {
  readonly name?: string;
  readonly message?: string;
  readonly code?: unknown;
  readonly cause?: unknown;
}

export function errorLike(thrown: unknown): ErrorLike {
  return typeof thrown === 'object' && thrown !== null ? thrown : { message: String(thrown) };
}

/** Why a value could not be read. `JSON.parse` quotes the text that it stumbled on, which must not reach logs. */
export function reasonOf(thrown: unknown): string {
  const { name, message } = errorLike(thrown);
  return name === 'SyntaxError' ? 'expected a JSON document' : (message ?? '');
}
