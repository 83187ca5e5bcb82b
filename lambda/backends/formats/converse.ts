import type { ConverseCommandInput, ConverseCommandOutput } from '@aws-sdk/client-bedrock-runtime';
import type { ChatAnswer, ChatMessage } from '../../../core/graph/chat';
import { toChatRequest } from './chat-request';
import type { Answer } from './codec';

/** Bedrock's words for what every chat model may say; the others are passed on. */
const FINISH_REASONS: ReadonlyMap<string, string> = new Map([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
]);

export function converseRequest(input: unknown): Omit<ConverseCommandInput, 'modelId'> {
  const { messages, maxTokens, temperature, stop } = toChatRequest(input);
  const system = messages.filter(({ role }) => role === 'system').map(textBlock);
  return {
    ...(system.length > 0 && { system }),
    messages: messages.flatMap((message) =>
      message.role === 'system' ? [] : [{ role: message.role, content: [textBlock(message)] }],
    ),
    inferenceConfig: { maxTokens, temperature, ...(stop && { stopSequences: [...stop] }) },
  };
}

export function converseAnswer({ output, stopReason, usage }: ConverseCommandOutput): Answer {
  const blocks = output?.message?.content;
  if (!blocks) throw new Error('expected content blocks at output.message.content');

  // Reasoning and citations come as blocks of their own.
  const text = blocks.map((block) => block.text ?? '').join('');
  const finishReason = FINISH_REASONS.get(stopReason ?? 'end_turn') ?? stopReason ?? 'stop';
  const tokens = usageOf(usage);
  const answer: ChatAnswer = { text, finishReason, ...tokens };
  return { output: answer, ...tokens };
}

const textBlock = ({ content }: ChatMessage) => ({ text: content });

function usageOf(usage: ConverseCommandOutput['usage']): Pick<ChatAnswer, 'usage'> {
  if (usage?.inputTokens === undefined || usage.outputTokens === undefined) return {};
  return { usage: { inputTokens: usage.inputTokens, outputTokens: usage.outputTokens } };
}
