import type { Attributes } from '@opentelemetry/api';
import type { ChatAnswer, ChatMessage } from '../../../core/graph/chat';
import type { Component, WireFormat } from '../../../core/graph/component';
import { toChatRequest } from '../../backends/formats/chat-request';
import { cutJson } from './cut-json';

/**
 * Of each attribute. A span has three of them at most, and X-Ray takes documents of no more than 64 KB
 * (https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html).
 */
const MAX_BYTES = 16_384;

/** The last of a conversation: of more, each would be cut to less than a sentence. */
const MAX_MESSAGES = 50;

/**
 * What a component is asked, as attributes of the span of a try, by the conventions for generative AI
 * (https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/client-inference.md): as JSON, because
 * attributes of spans have no structure (https://github.com/open-telemetry/opentelemetry-js/issues/7071).
 */
export function askedContents({ kind, format }: Component, input: unknown): Attributes {
  return attributesOf(() => {
    if (kind === 'tool') return { contents: { 'gen_ai.tool.call.arguments': input } };
    if (!isChat(format)) return { contents: { 'compound.input': input } };
    const { messages } = toChatRequest(input);
    const last = messages.slice(-MAX_MESSAGES);
    const isWhole = last.length === messages.length;
    if (format === 'openai-chat') return { contents: { 'gen_ai.input.messages': last.map(toMessage) }, isWhole };
    // Converse has them apart, and so do the conventions where a service does.
    const system = last.filter(({ role }) => role === 'system');
    const others = last.filter(({ role }) => role !== 'system');
    const contents = {
      ...(system.length > 0 && { 'gen_ai.system_instructions': system.map(({ content }) => textPart(content)) }),
      'gen_ai.input.messages': others.map(toMessage),
    };
    return { contents, isWhole };
  });
}

/** What it answers, likewise. */
export function answeredContents({ kind, format }: Component, output: unknown): Attributes {
  return attributesOf(() => {
    if (kind === 'tool') return { contents: { 'gen_ai.tool.call.result': output } };
    if (!isChat(format)) return { contents: { 'compound.output': output } };
    const { text, finishReason } = output as ChatAnswer;
    const answer = { role: 'assistant', parts: [textPart(text)], finish_reason: finishReason };
    return { contents: { 'gen_ai.output.messages': [answer] } };
  });
}

interface Contents {
  /** By attribute. */
  readonly contents: Readonly<Record<string, unknown>>;
  /** Whether nothing was left out. @default true */
  readonly isWhole?: boolean;
}

/** None if they cannot be read, as an input that is no chat: the backend tells why, and a span must not fail a run. */
function attributesOf(read: () => Contents): Attributes {
  try {
    const { contents, isWhole = true } = read();
    const cut = Object.entries(contents).map(([name, value]) => [name, cutJson(value, MAX_BYTES)] as const);
    const isCut = !isWhole || cut.some(([, each]) => each.isCut);
    return {
      ...Object.fromEntries(cut.map(([name, { json }]) => [name, json])),
      ...(isCut && { 'compound.contents_cut': true }),
    };
  } catch {
    return {};
  }
}

function isChat(format: WireFormat): format is 'openai-chat' | 'converse' {
  return format === 'openai-chat' || format === 'converse';
}

function toMessage({ role, content }: ChatMessage): object {
  return { role, parts: [textPart(content)] };
}

function textPart(content: string): object {
  return { type: 'text', content };
}
