import type { ChatAnswer } from '../graph/chat';
import type { Component } from '../graph/component';
import { formatIssues, type Schema, validate } from '../graph/schema';
import { unlessAborted } from './abort';
import { CallError } from './errors';

/** The input as the component's schema wants it. @throws CallError of kind `invalid`, or the reason of the signal. */
export function checkInput({ name, input }: Component, value: unknown, signal: AbortSignal): Promise<unknown> {
  return conform(
    input,
    value,
    signal,
    (fault) => new CallError('invalid', `the input of component "${name}" ${fault}`),
  );
}

/**
 * The answer as the component declares it; the text of a chat model with an output schema is read as JSON.
 *
 * @throws CallError; that of a model may be retried, because the next answer can be another. Or the reason of the signal.
 */
export async function checkAnswer(component: Component, answer: unknown, signal: AbortSignal): Promise<unknown> {
  const { kind, name, format, output } = component;
  const unusable = (fault: string) =>
    new CallError(kind === 'model' ? 'retryable' : 'failed', `the answer of component "${name}" ${fault}`);
  let value = answer;
  if (output && (format === 'openai-chat' || format === 'converse')) {
    try {
      value = parseJson((answer as ChatAnswer).text);
    } catch {
      throw unusable('is no JSON');
    }
  }
  return conform(output, value, signal, unusable);
}

/** Models like to wrap JSON in a fence or a sentence: what counts is between the outermost brackets. */
function parseJson(text: string): unknown {
  const first = text.search(/[{[]/);
  const last = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'));
  return JSON.parse(first >= 0 && first < last ? text.slice(first, last + 1) : text);
}

async function conform(
  schema: Schema | undefined,
  value: unknown,
  signal: AbortSignal,
  refusal: (fault: string) => CallError,
): Promise<unknown> {
  if (!schema) return value;
  const checked = await unlessAborted(validate(schema, value), signal);
  if (checked.issues) throw refusal(`does not match its schema: ${formatIssues(checked.issues)}`);
  return checked.value;
}
