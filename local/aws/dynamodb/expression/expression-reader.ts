import type { AwsError } from '../../http';
import type { AttributeValue } from '../attribute-value';
import type { DocumentPath } from '../document-path';
import { isReserved } from '../reserved-words';
import { validationException } from '../validation-exception';
import type { Placeholders } from './placeholders';
import { type Token, tokensOf } from './tokens';

export type ExpressionKind =
  | 'ConditionExpression'
  | 'FilterExpression'
  | 'KeyConditionExpression'
  | 'ProjectionExpression'
  | 'UpdateExpression';

/** Goes through the tokens of one expression; every grammar is written on top of it. */
export class ExpressionReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(
    private readonly kind: ExpressionKind,
    private readonly expression: string,
    private readonly placeholders: Placeholders,
  ) {
    this.#tokens = tokensOf(expression);
    if (this.#tokens.length === 0) throw this.invalid('The expression can not be empty;');
  }

  /** The text of the next token, or of the one so many further on; empty at the end. */
  peek(ahead = 0): string {
    return this.#tokens[this.#at + ahead]?.text ?? '';
  }

  /** Whether the next token is one of these words, in whatever case. */
  isAt(...words: readonly string[]): boolean {
    return words.includes(this.peek().toUpperCase());
  }

  /** Goes past the next token if it is this word or sign. */
  take(word: string): boolean {
    const isThere = this.isAt(word);
    if (isThere) this.#at++;
    return isThere;
  }

  next(): string {
    const token = this.peek();
    this.#at++;
    return token;
  }

  expect(sign: string): void {
    if (!this.take(sign)) throw this.syntaxError();
  }

  expectEnd(): void {
    if (this.#at < this.#tokens.length) throw this.syntaxError();
  }

  /** One or more, with commas in between. */
  list<T>(readOne: () => T): T[] {
    const all = [readOne()];
    while (this.take(',')) all.push(readOne());
    return all;
  }

  path(): DocumentPath {
    const path: (string | number)[] = [this.#name()];
    for (;;) {
      if (this.take('.')) path.push(this.#name());
      else if (this.take('[')) {
        if (!/^\d+$/.test(this.peek())) throw this.syntaxError();
        path.push(Number(this.next()));
        this.expect(']');
      } else return path;
    }
  }

  value(): AttributeValue {
    const value = this.placeholders.value(this.peek());
    if (value === undefined) {
      const reason = 'An expression attribute value used in expression is not defined';
      throw this.invalid(`${reason}; attribute value: ${this.peek()}`);
    }
    this.#at++;
    return value;
  }

  #name(): string {
    const name = this.peek();
    if (name.startsWith('#') && name.length > 1) {
      const meant = this.placeholders.name(name);
      if (meant === undefined) {
        const reason = 'An expression attribute name used in the document path is not defined';
        throw this.invalid(`${reason}; attribute name: ${name}`);
      }
      this.#at++;
      return meant;
    }
    if (!/^[A-Za-z_]/.test(name)) throw this.syntaxError();
    if (isReserved(name)) {
      throw this.invalid(`Attribute name is a reserved keyword; reserved keyword: ${name}`);
    }
    this.#at++;
    return name;
  }

  /** Tells the next token, with the one before and the one after. */
  syntaxError(): AwsError {
    const token = this.#tokens[this.#at];
    const first = this.#tokens[this.#at - 1] ?? token;
    const last = this.#tokens[this.#at + 1] ?? token ?? first;
    const near = first && last ? this.expression.slice(first.at, last.at + last.text.length) : '';
    return this.invalid(`Syntax error; token: "${token?.text ?? '<EOF>'}", near: "${near}"`);
  }

  invalid(reason: string): AwsError {
    return validationException(`Invalid ${this.kind}: ${reason}`);
  }
}
