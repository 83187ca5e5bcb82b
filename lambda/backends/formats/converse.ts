import type {
  ConverseCommandInput,
  ConverseCommandOutput,
  ConverseStreamOutput,
} from '@aws-sdk/client-bedrock-runtime';
import type { ChatAnswer, ChatMessage } from '../../../core/graph/chat';
import { type AnswerReader, endedEarly } from './answer-reader';
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
  return answerOf(text, stopReason ?? 'end_turn', usageOf(usage));
}

/** The same answer from the events of a stream, which bring the text of all blocks in order. */
export class ConverseAnswerReader implements AnswerReader<ConverseStreamOutput> {
  readonly #texts: string[] = [];
  #stopReason: string | undefined;
  #usage: Pick<ChatAnswer, 'usage'> | undefined;

  get isWhole(): boolean {
    return this.#stopReason !== undefined && this.#usage !== undefined;
  }

  read({ messageStart, contentBlockDelta, messageStop, metadata }: ConverseStreamOutput): string | undefined {
    if (messageStart) return undefined;
    if (messageStop) this.#stopReason = messageStop.stopReason ?? 'end_turn';
    if (metadata) this.#usage = usageOf(metadata.usage);
    const text = contentBlockDelta?.delta?.text ?? '';
    this.#texts.push(text);
    return text;
  }

  end(): { readonly text: string; readonly answer: Answer } {
    if (this.#stopReason === undefined) throw endedEarly();
    return { text: '', answer: answerOf(this.#texts.join(''), this.#stopReason, this.#usage ?? {}) };
  }
}

function answerOf(text: string, stopReason: string, usage: Pick<ChatAnswer, 'usage'>): Answer {
  const answer: ChatAnswer = { text, finishReason: FINISH_REASONS.get(stopReason) ?? stopReason, ...usage };
  return { output: answer, ...usage };
}

const textBlock = ({ content }: ChatMessage) => ({ text: content });

function usageOf(usage: ConverseCommandOutput['usage']): Pick<ChatAnswer, 'usage'> {
  if (usage?.inputTokens === undefined || usage.outputTokens === undefined) return {};
  return { usage: { inputTokens: usage.inputTokens, outputTokens: usage.outputTokens } };
}
