import type { ChatAnswer } from '../graph/chat';
import type { Component } from '../graph/component';
import { type Schema, validate } from '../graph/schema';
import { unlessAborted } from './abort';
import { CallError, SchemaError } from './errors';

/** The input as the component's schema wants it. @throws CallError of kind `invalid`, or the reason of the signal. */
export function checkInput({ name, input }: Component, value: unknown, signal: AbortSignal): Promise<unknown> {
  const refused = `the input of component "${name}" does not match its schema`;
  return conform(input, value, signal, (cause) => new CallError('invalid', refused, { cause }));
}

/**
 * The answer as the component declares it; the text of a chat model with an output schema is read as JSON.
 *
 * @throws CallError; that of a model may be retried, because the next answer can be another. Or the reason of the signal.
 */
export async function checkAnswer(component: Component, answer: unknown, signal: AbortSignal): Promise<unknown> {
  const { kind, name, format, output } = component;
  const unusable = (fault: string, cause: Error) =>
    new CallError(kind === 'model' ? 'retryable' : 'failed', `the answer of component "${name}" ${fault}`, { cause });
  let value = answer;
  if (output && (format === 'openai-chat' || format === 'converse')) {
    try {
      value = parseJson((answer as ChatAnswer).text);
    } catch (error) {
      throw unusable('is no JSON', error as Error);
    }
  }
  return conform(output, value, signal, (cause) => unusable('does not match its schema', cause));
}

/** Models like to wrap JSON in a fence or a sentence: if the whole is none, what is between the outermost brackets. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const fenced = /```(?:json)?\s([^`]*)```/.exec(text)?.[1] ?? text;
    const last = Math.max(fenced.lastIndexOf('}'), fenced.lastIndexOf(']'));
    return JSON.parse(fenced.slice(Math.max(0, fenced.search(/[{[]/)), last + 1));
  }
}

async function conform(
  schema: Schema | undefined,
  value: unknown,
  signal: AbortSignal,
  refusal: (cause: SchemaError) => CallError,
): Promise<unknown> {
  if (!schema) return value;
  const checked = await unlessAborted(validate(schema, value), signal);
  if (checked.issues) throw refusal(new SchemaError(checked.issues));
  return checked.value;
}
