import type { Component } from '../../core/graph/component';
import { show } from '../../core/graph/show';
import type { Call } from '../../core/run/call';
import type { CallError, CallErrorKind } from '../../core/run/errors';
import { callError } from './call-error';
import { reasonOf } from './error-like';
import { BrokenAnswer } from './formats/answer-reader';

export function encoding<T>({ component }: Call, encode: () => T): T {
  try {
    return encode();
  } catch (error) {
    throw formatError(component, 'invalid', 'cannot encode its input', error);
  }
}

/** An answer of the wrong shape is a wrong declaration far more often than a passing fault, so it is not tried again. */
export function decoding<T>({ component }: Call, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof BrokenAnswer) throw error;
    throw formatError(component, 'failed', 'cannot decode its answer', error);
  }
}

/** Only the reasons of our own formats are known to quote nothing. */
function formatError(component: Component, kind: CallErrorKind, what: string, thrown: unknown): CallError {
  const { format } = component;
  if (typeof format === 'string') return callError(component, kind, `${what} as ${format}: ${reasonOf(thrown)}`);
  const cause = thrown instanceof Error ? thrown : new Error(show(thrown));
  return callError(component, kind, `${what} as its own format`, { cause });
}
