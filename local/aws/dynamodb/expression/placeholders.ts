import { isRecord } from '../../http';
import { stringOf } from '../../read-json';
import type { RpcInput } from '../../rpc-service';
import type { AttributeValue } from '../attribute-value';
import { readValue } from '../read-value';
import { validationException } from '../validation-exception';

/** What `#name` and `:value` stand for in the expressions of one request. */
export class Placeholders {
  readonly #names: ReadonlyMap<string, string>;
  readonly #values: ReadonlyMap<string, AttributeValue>;
  readonly #used = new Set<string>();

  /** @throws AwsError for a name or value that cannot be */
  constructor({ ExpressionAttributeNames, ExpressionAttributeValues }: RpcInput) {
    this.#names = readMap('ExpressionAttributeNames', '#', ExpressionAttributeNames, stringOf);
    this.#values = readMap('ExpressionAttributeValues', ':', ExpressionAttributeValues, readValue);
  }

  name(placeholder: string): string | undefined {
    this.#used.add(placeholder);
    return this.#names.get(placeholder);
  }

  value(placeholder: string): AttributeValue | undefined {
    this.#used.add(placeholder);
    return this.#values.get(placeholder);
  }

  /** @throws AwsError if a placeholder is in no expression */
  requireAllUsed(): void {
    this.#requireUsed('ExpressionAttributeNames', this.#names);
    this.#requireUsed('ExpressionAttributeValues', this.#values);
  }

  #requireUsed(member: string, placeholders: ReadonlyMap<string, unknown>): void {
    const unused = [...placeholders.keys()].filter((key) => !this.#used.has(key));
    if (unused.length === 0) return;
    throw validationException(`Value provided in ${member} unused in expressions: keys: {${unused.join(', ')}}`);
  }
}

function readMap<T>(
  member: string,
  prefix: '#' | ':',
  value: unknown,
  read: (value: unknown, path: string) => T,
): ReadonlyMap<string, T> {
  if (value === undefined || value === null) return new Map();
  const entries = isRecord(value) ? Object.entries(value) : [];
  if (entries.length === 0) throw validationException(`${member} must not be empty`);
  return new Map(
    entries.map(([key, each]) => {
      if (!(key.startsWith(prefix) && /^.\w+$/.test(key))) {
        throw validationException(`${member} contains invalid key: Syntax error; key: "${key}"`);
      }
      return [key, read(each, `${member}.${key}`)];
    }),
  );
}
