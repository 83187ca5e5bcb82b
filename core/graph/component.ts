import type { CallPolicyOptions } from './call-policies';
import type { ChatAnswer, ChatInput } from './chat';
import type { InputOf, OutputOf, Schema } from './schema';

export type ComponentKind = 'model' | 'retriever' | 'tool';

/**
 * Something a node calls, by name. What runs behind the name is bound at deploy time.
 *
 * @typeParam Input what a node passes
 * @typeParam Output what a node gets back
 * @typeParam Name the literal name, so that a deployment which forgets to bind it does not compile
 */
export interface Component<Input = any, Output = any, Name extends string = string> extends CallPolicyOptions {
  readonly kind: ComponentKind;
  /** Unique in a graph; the same name means the same component. */
  readonly name: Name;
  readonly format: WireFormat<Input, Output>;
  /** Checked before a call leaves. */
  readonly input?: Schema;
  /** Checked when the answer arrives; a chat model's text is read as JSON first. */
  readonly output?: Schema;
  /** Most calls in flight at once from one process to each backend; unlimited if left out. */
  readonly concurrency?: number;
  readonly '~types'?: { readonly input: Input; readonly output: Output };
}

/**
 * How a request and its answer look on the wire.
 *
 * - `openai-chat`: OpenAI chat completions, as most model servers speak it
 * - `converse`: the Converse API of Bedrock
 * - `json`: the input as a JSON document, the output as another
 * - or functions of your own
 */
export type WireFormat<Input = any, Output = any> = 'openai-chat' | 'converse' | 'json' | CustomFormat<Input, Output>;

export interface CustomFormat<Input = any, Output = any> {
  /** @default 'application/json' */
  readonly contentType?: string;
  encode(input: Input): string | Uint8Array;
  /** May throw: the call then fails with the message. */
  decode(body: Uint8Array): Output;
}

interface ComponentOptions extends CallPolicyOptions {
  /** Most calls in flight at once from one process to each backend; unlimited if left out. */
  readonly concurrency?: number;
}

interface SchemaOptions<I extends Schema, O extends Schema> extends ComponentOptions {
  readonly input: I;
  readonly output: O;
}

/** A chat model: answers with text, or with a value if it is given an output schema. */
export function model<Name extends string>(
  name: Name,
  options?: ComponentOptions & { readonly format?: 'openai-chat' | 'converse' },
): Component<ChatInput, ChatAnswer, Name>;
export function model<O extends Schema, Name extends string>(
  name: Name,
  options: ComponentOptions & { readonly format?: 'openai-chat' | 'converse'; readonly output: O },
): Component<ChatInput, OutputOf<O>, Name>;
/** A model that is no chat: a classifier, an embedder, a ranker. */
export function model<I extends Schema, O extends Schema, Name extends string>(
  name: Name,
  options: SchemaOptions<I, O> & { readonly format: 'json' },
): Component<InputOf<I>, OutputOf<O>, Name>;
/** A model with a wire format of its own. */
export function model<Input, Output, Name extends string = string>(
  name: Name,
  options: ComponentOptions & { readonly format: CustomFormat<Input, Output> },
): Component<Input, Output, Name>;
export function model(name: string, options: Partial<Component> = {}): Component {
  return { kind: 'model', name, format: 'openai-chat', ...options };
}

/**
 * A function with an effect or a fact: a search, a database query, a ticket.
 *
 * A call whose answer was lost is tried again like any other: give a node whose effect must not happen twice
 * `retry: { attempts: 1 }`.
 */
export function tool<I extends Schema, O extends Schema, Name extends string>(
  name: Name,
  options: SchemaOptions<I, O> & { readonly format?: CustomFormat<OutputOf<I>, InputOf<O>> },
): Component<InputOf<I>, OutputOf<O>, Name> {
  return { kind: 'tool', name, format: 'json', ...options };
}

/** Finds passages for a query. A tool in all but name, so that pictures and reports can tell them apart. */
export function retriever<I extends Schema, O extends Schema, Name extends string>(
  name: Name,
  options: SchemaOptions<I, O> & { readonly format?: CustomFormat<OutputOf<I>, InputOf<O>> },
): Component<InputOf<I>, OutputOf<O>, Name> {
  return { kind: 'retriever', name, format: 'json', ...options };
}
