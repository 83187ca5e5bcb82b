import type { ChatModel } from '../../../core/graph/chat-model';
import type { RunResult } from '../../../core/run/engine';
import { CallError, RunError, toCallError } from '../../../core/run/errors';
import type { RunEvent, TextEvent } from '../../../core/run/events';
import type { StreamedEvent } from '../unread-events';

/** Gathers what the node has written whose text is the answer. */
export class AnswerText {
  readonly #chat: ChatModel;
  #written = '';

  constructor(chat: ChatModel) {
    this.#chat = chat;
  }

  readonly take = (event: RunEvent): void => {
    if (this.isPart(event)) this.#written += event.text;
  };

  /** Whether it is a part of the answer. */
  isPart(event: StreamedEvent): event is TextEvent {
    return event.type === 'text' && event.node === this.#chat.textNode;
  }

  /**
   * The answer, and what of it no part has brought: all of it if the node was skipped or failed before it wrote, and the output
   * does without.
   *
   * @throws RunError if the node failed while it wrote: no text replaces what was passed on
   */
  complete({ output, record }: RunResult<unknown>): { readonly text: string; readonly rest: string } {
    const { textNode, text } = this.#chat;
    const failed = (message: string, cause: CallError) =>
      new RunError('failed', message, { ...record, status: 'failed' }, cause);
    if (this.#written !== '') {
      if (record.nodes[textNode!]?.status === 'succeeded') return { text: this.#written, rest: '' };
      const cause = new CallError('failed', 'failed in the middle of the text that is the answer', { at: textNode! });
      throw failed(`${textNode}: ${cause.message}`, cause);
    }
    try {
      const whole = text(output);
      return { text: whole, rest: whole };
    } catch (error) {
      const cause = toCallError(error, 'output');
      throw failed(`output: ${cause.message}`, cause);
    }
  }
}
