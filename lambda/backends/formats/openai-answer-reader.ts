import type { ChatAnswer } from '../../../core/graph/chat';
import { statusKind } from '../http-status';
import { serviceCode } from '../service-code';
import { type AnswerReader, BrokenAnswer, endedEarly } from './answer-reader';
import type { Answer } from './codec';
import { JsonDocuments } from './json-documents';
import { type OpenAiUsage, usageOf } from './openai-chat';
import { ServerSentEvents } from './server-sent-events';

/** As much of a chunk, or of a whole completion, as is read; any of it may be missing. */
interface Chunk {
  readonly choices?: readonly Choice[];
  readonly usage?: OpenAiUsage | null;
  readonly error?: unknown;
}

interface Choice {
  readonly index?: unknown;
  readonly delta?: Delta | null;
  readonly message?: Delta | null;
  readonly finish_reason?: unknown;
}

interface Delta {
  readonly role?: unknown;
  readonly content?: unknown;
  readonly [field: string]: unknown;
}

/** Data of the last event of a stream. */
const DONE = '[DONE]';

/** What may come before the first byte that counts: white space and the bytes of a byte order mark. */
const BLANK: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]);

/**
 * Chunks of an OpenAI chat completion, from bytes that may be cut anywhere: as server-sent events, or as JSON on a line
 * each, as DJL Serving writes them too. A server that does not stream answers one completion, which is read as well.
 *
 * Calls of tools, reasoning and further choices are passed over, as they are in a whole completion.
 *
 * @see https://platform.openai.com/docs/api-reference/chat-streaming
 * @see https://docs.djl.ai/master/docs/serving/serving/docs/lmi/user_guides/lmi_input_output_schema.html
 */
export class OpenAiAnswerReader implements AnswerReader<Uint8Array> {
  #documents: ServerSentEvents | JsonDocuments | undefined;
  readonly #texts: string[] = [];
  #hasDocument = false;
  /** It has said something: who speaks is told before. */
  #hasBegun = false;
  #isDone = false;
  #isWhole = false;
  #finishReason: string | undefined;
  #usage: Pick<ChatAnswer, 'usage'> = {};

  read(part: Uint8Array): string | undefined {
    this.#documents ??= documentsOf(part);
    const documents = this.#documents?.push(part) ?? [];
    const text = this.#readAll(documents);
    if (documents.length > 0) return this.#hasBegun ? text : undefined;
    // The comments by which a server keeps the connection open are no progress.
    return this.#documents instanceof JsonDocuments ? '' : undefined;
  }

  get isWhole(): boolean {
    return this.#isWhole;
  }

  end(): { readonly text: string; readonly answer: Answer } {
    const text = this.#documents instanceof JsonDocuments ? this.#readAll(this.#documents.end()) : '';
    if (!this.#hasDocument) throw new Error('expected server-sent events or a JSON document');
    const hasText = this.#texts.length > 0;
    if (!hasText && this.#documents instanceof JsonDocuments) {
      throw new Error('expected a text at choices[0].message.content');
    }
    if (!this.#isDone && this.#finishReason === undefined) throw endedEarly();
    if (!hasText) throw new Error('expected a text at choices[0].delta.content');

    const output: ChatAnswer = {
      text: this.#texts.join(''),
      finishReason: this.#finishReason ?? 'stop',
      ...this.#usage,
    };
    return { text, answer: { output, ...this.#usage } };
  }

  #readAll(documents: readonly string[]): string {
    return documents.map((document) => this.#read(document)).join('');
  }

  #read(document: string): string {
    // Some servers keep the connection open by events without data.
    if (document.trim() === '') return '';
    this.#hasDocument = true;
    if (document === DONE) {
      this.#isDone = true;
      this.#isWhole = true;
      return '';
    }
    const chunk: Chunk | null = JSON.parse(document);
    if (chunk?.error) throw brokenBy(chunk.error);
    const usage = usageOf(chunk?.usage);
    if (usage.usage) this.#usage = usage;

    const choices = chunk?.choices ?? [];
    const { delta, message, finish_reason: finishReason } = choices.find(isFirst) ?? {};
    if (message) this.#isDone = true;
    if (typeof finishReason === 'string') this.#finishReason = finishReason;
    // Not every server says that it is done. The usage alone comes last; that of other chunks is what was used so far.
    if (usage.usage && choices.length === 0 && this.#finishReason !== undefined) this.#isWhole = true;
    this.#hasBegun ||= Object.entries(delta ?? message ?? {}).some(saysSomething);
    const text = (delta ?? message)?.content;
    if (typeof text !== 'string') return '';
    this.#texts.push(text);
    return text;
  }
}

/** Of a server that does not number its choices there is one. */
function isFirst({ index = 0 }: Choice): boolean {
  return index === 0;
}

/** Texts, reasoning and calls of tools, in whichever field of a delta. */
function saysSomething([field, value]: [string, unknown]): boolean {
  return field !== 'role' && (typeof value === 'string' || Array.isArray(value)) && value.length > 0;
}

/** Undefined if there is nothing yet that tells. */
function documentsOf(part: Uint8Array): ServerSentEvents | JsonDocuments | undefined {
  const first = part.find((byte) => !BLANK.has(byte));
  if (first === undefined) return undefined;
  return first === '{'.charCodeAt(0) ? new JsonDocuments() : new ServerSentEvents();
}

/** Servers that have begun to answer report what goes wrong then as `{ error: { message, type, code } }`. */
function brokenBy(error: unknown): BrokenAnswer {
  const { message, type, code }: { message?: unknown; type?: unknown; code?: unknown } = Object(error);
  const word = [type, code].find((each) => typeof each === 'string');
  const status = typeof code === 'number' && code >= 400 ? code : undefined;
  return new BrokenAnswer(status === undefined ? 'retryable' : statusKind(status), {
    code: word === undefined ? `error ${status ?? 'of the server'}` : serviceCode(word),
    message: typeof message === 'string' ? message : '',
  });
}
