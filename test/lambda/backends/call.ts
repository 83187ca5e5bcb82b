import type { Component } from '../../../core/graph/component';
import type { Call } from '../../../core/run/call';
import { CallError } from '../../../core/run/errors';

export function callOf(component: Component, input: unknown, overrides: Partial<Call> = {}): Call {
  return { component, input, signal: new AbortController().signal, attempt: 1, progress: () => {}, ...overrides };
}

/** The error of a call that must fail. */
export async function errorOf(call: Promise<unknown>): Promise<CallError> {
  const error = await call.then(
    () => new Error('the call succeeded'),
    (reason: unknown) => reason,
  );
  if (error instanceof CallError) return error;
  throw error;
}

/** Everything of an error that may end up in a log. */
export const printed = (error: CallError) => `${error.message} ${JSON.stringify(error.cause)}`;
