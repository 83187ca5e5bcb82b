import type { ChatAnswer } from '../../../core/graph/chat';
import type { ChatModel } from '../../../core/graph/chat-model';
import type { RunResult } from '../../../core/run/engine';
import { CallError, RunError, toCallError } from '../../../core/run/errors';
import type { RunEvent, TextEvent } from '../../../core/run/events';

/** What a run says. */
export interface Said {
  readonly text: string;
  /** What of the text no part has brought. */
  readonly rest: string;
  /** The word of the model whose text it is; undefined if it is of none. */
  readonly finishReason: string | undefined;
}

/** The text that is the answer: that of a node, or made of the output. */
export class AnswerText {
  readonly #chat: ChatModel;
  #written = '';

  constructor(chat: ChatModel) {
    this.#chat = chat;
  }

  /** Gathers what is passed on. */
  readonly take = (event: RunEvent): void => {
    if (this.isPart(event)) this.#written += event.text;
  };

  /** Whether it is a part of the answer. */
  isPart(event: RunEvent): event is TextEvent {
    return event.type === 'text' && event.node === this.#chat.textNode && event.text !== '';
  }

  /**
   * The answer. If the node was skipped or failed before it wrote, and the output does without, it is made of the output.
   *
   * @throws RunError if the node failed while it wrote: no text replaces what was passed on
   */
  complete(result: RunResult<unknown>): Said {
    const { textNode, text } = this.#chat;
    const { output, record } = result;
    const failed = (message: string, cause: CallError) =>
      new RunError('failed', message, { ...record, status: 'failed' }, cause);
    const said = saidBy(textNode === undefined ? undefined : result.nodeValue(textNode));
    if (this.#written !== '') {
      const isWhole = record.nodes[textNode!]?.status === 'succeeded' || said.text === this.#written;
      if (isWhole) return { ...said, text: this.#written, rest: '' };
      const cause = new CallError('failed', 'failed in the middle of the text that is the answer', { at: textNode! });
      throw failed(`${textNode}: ${cause.message}`, cause);
    }
    if (said.text !== '') return said;
    try {
      const whole = text(output);
      return { text: whole, rest: whole, finishReason: undefined };
    } catch (error) {
      const cause = toCallError(error, 'output');
      throw failed(`output: ${cause.message}`, cause);
    }
  }
}

/** Of a model, its answer; of a function that yields text, all of it. */
function saidBy(value: unknown): Said {
  if (Array.isArray(value)) {
    const text = value.filter((part) => typeof part === 'string').join('');
    return { text, rest: text, finishReason: undefined };
  }
  const { text = '', finishReason } = (value ?? {}) as Partial<ChatAnswer>;
  return { text, rest: text, finishReason };
}
