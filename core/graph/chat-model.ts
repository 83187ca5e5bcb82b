import type { ChatMessage, ChatRequest } from './chat';
import type { GraphDefinition } from './definition';
import { isObject } from './field-faults';
import { type JsonSchema, type Schema, toJsonSchema } from './schema';

/** How an agent is a chat model to callers who know of chats only. */
export interface ChatMapping<Input = any, Output = any> {
  /**
   * The input of the run that answers a conversation.
   *
   * @default - the conversation, if the input is an object that needs nothing but `messages`; the last message of the user,
   * if the input is a text, or an object that needs nothing but one text; otherwise what that message says as JSON
   */
  readonly input?: (request: ChatRequest) => Input;
  /**
   * What the agent says: a function of its output, or the id of a node that streams, whose text then is the answer and is
   * passed on while it is written.
   *
   * @default - the output if it is a text, its only text if it is an object with one, else the output as JSON
   */
  readonly text?: string | ((output: Output) => string);
}

/** An agent as a chat model. */
export interface ChatModel {
  /** What of a request it takes beside the messages. */
  readonly takes: ReadonlySet<ChatOption>;
  /**
   * The input of a run. @throws NoUserMessage
   */
  readonly input: (request: ChatRequest) => unknown;
  /** Whether the input is what the user has written as JSON, and so as foreign as the body of a request. */
  readonly readsJson?: true;
  /** The node whose text is the answer; none if the answer is made of the output. */
  readonly textNode?: string;
  /** The answer, of the output of a run. */
  readonly text: (output: unknown) => string;
}

export type ChatOption = keyof Omit<ChatRequest, 'messages'>;

/** A conversation in which the user has said nothing, for an agent that takes what the user said last. */
export class NoUserMessage extends Error {
  override readonly name = 'NoUserMessage';
}

const OPTIONS: readonly ChatOption[] = ['maxTokens', 'temperature', 'stop'];

/** The agent as a chat model. */
export function chatModelOf({ chat, input, output }: GraphDefinition): ChatModel {
  const takesInput = chat?.input ? { input: chat.input, takes: new Set(OPTIONS) } : inputOf(input);
  const text = chat?.text;
  if (typeof text === 'function') return { ...takesInput, text };
  return { ...takesInput, text: textOf(output), ...(text !== undefined && { textNode: text }) };
}

function inputOf(input: Schema): Pick<ChatModel, 'input' | 'takes' | 'readsJson'> {
  const schema = toJsonSchema(input, 'input');
  if (schema === true) return DOCUMENT;
  if (schema.type === 'string') return { input: lastUserMessage, takes: new Set() };
  const { properties, required } = shapeOf(schema);
  if (required.every((name) => name === 'messages') && isConversation(properties.messages)) {
    const takes = new Set(OPTIONS.filter((option) => Object.hasOwn(properties, option)));
    return { input: (request) => conversation(request, takes), takes };
  }
  const [field, ...more] = required;
  if (field === undefined || more.length > 0 || properties[field]?.type !== 'string') return DOCUMENT;
  return { input: (request) => ({ [field]: lastUserMessage(request) }), takes: new Set() };
}

/** Of an agent whose input is no conversation and no text. What is no JSON is left to its schema, which may take a text too. */
const DOCUMENT: Pick<ChatModel, 'input' | 'takes' | 'readsJson'> = {
  input: (request) => documentIn(lastUserMessage(request)),
  takes: new Set(),
  readsJson: true,
};

function documentIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A list of what has a role and a content, or of anything. */
function isConversation(schema: JsonSchema | undefined): boolean {
  if (schema === undefined || schema === true || schema.type !== 'array') return false;
  const items = (schema.items ?? {}) as Record<string, unknown>;
  const { properties, required } = shapeOf(items);
  const isAnything = Object.keys(items).length === 0;
  const hasBoth = Object.hasOwn(properties, 'role') && Object.hasOwn(properties, 'content');
  return isAnything || (hasBoth && required.every((name) => name === 'role' || name === 'content'));
}

function conversation({ messages, ...options }: ChatRequest, takes: ReadonlySet<ChatOption>): object {
  const taken = Object.entries(options).filter(([option]) => takes.has(option as ChatOption));
  return { messages, ...Object.fromEntries(taken) };
}

function lastUserMessage({ messages }: ChatRequest): string {
  const message = messages.findLast(({ role }: ChatMessage) => role === 'user');
  if (message) return message.content;
  throw new NoUserMessage('has no message of the role user, which is what the agent answers');
}

function textOf(output: Schema | undefined): (output: unknown) => string {
  const schema = toJsonSchema(output, 'output');
  const field = schema === true ? undefined : onlyText(schema);
  return (value) => {
    if (typeof value === 'string') return value;
    const text =
      schema === true ? onlyTextIn(value) : field !== undefined && isObject(value) ? value[field] : undefined;
    return typeof text === 'string' ? text : (JSON.stringify(value) ?? '');
  };
}

function onlyText(schema: Record<string, unknown>): string | undefined {
  const texts = Object.entries(shapeOf(schema).properties).filter(([, { type }]) => type === 'string');
  return texts.length === 1 ? texts[0]![0] : undefined;
}

function onlyTextIn(value: unknown): unknown {
  const texts = isObject(value) ? Object.values(value).filter((part) => typeof part === 'string') : [];
  return texts.length === 1 ? texts[0] : undefined;
}

function shapeOf(schema: Record<string, unknown>): Shape {
  return {
    properties: (schema.properties ?? {}) as Shape['properties'],
    required: (schema.required ?? []) as Shape['required'],
  };
}

interface Shape {
  readonly properties: Readonly<Record<string, Record<string, unknown>>>;
  readonly required: readonly string[];
}
