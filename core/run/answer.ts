import type { ChatAnswer } from '../graph/chat';
import type { Component } from '../graph/component';
import { formatIssues, type Validation, validate } from '../graph/schema';
import { CallError } from './errors';

/** The input as the component's schema wants it. @throws CallError of kind `invalid`. */
export function checkInput({ name, input }: Component, value: unknown): unknown {
  return whenChecked(input ? validate(input, value) : { value }, (issues) => {
    throw new CallError('invalid', `the input of component "${name}" does not match its schema: ${issues}`);
  });
}

/**
 * The answer as the component declares it; the text of a chat model with an output schema is read as JSON.
 *
 * @throws CallError; that of a model may be retried, because the next answer can be another.
 */
export function checkAnswer(component: Component, answer: unknown): unknown {
  if (!component.output) return answer;
  const value = isChat(component) ? parseJson(component, (answer as ChatAnswer).text) : answer;
  return whenChecked(validate(component.output, value), (issues) => {
    throw unusable(component, `does not match its schema: ${issues}`);
  });
}

function isChat({ format }: Component): boolean {
  return format === 'openai-chat' || format === 'converse';
}

/** Models like to wrap JSON in a fence or a sentence: what counts is between the outermost brackets. */
function parseJson(component: Component, text: string): unknown {
  const json = /[{[][\s\S]*[}\]]/.exec(text)?.[0] ?? text;
  try {
    return JSON.parse(json);
  } catch {
    throw unusable(component, 'is no JSON');
  }
}

function unusable({ kind, name }: Component, fault: string): CallError {
  return new CallError(kind === 'model' ? 'retryable' : 'failed', `the answer of component "${name}" ${fault}`);
}

function whenChecked<T>(result: Validation<T> | Promise<Validation<T>>, refuse: (issues: string) => never): unknown {
  if (result instanceof Promise) return result.then((checked) => whenChecked(checked, refuse));
  return result.issues ? refuse(formatIssues(result.issues)) : result.value;
}
