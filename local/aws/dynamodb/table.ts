import { type AttributeValue, compare, type Item, toDecimal } from './attribute-value';
import { compareDecimals, parseDecimal } from './decimal';
import { keyAttributesOf, type LocalTable } from './local-table';
import { readItem } from './read-value';
import { invalidValue, validationException } from './validation-exception';

const DEFAULT_DELETION_HOURS = 48;
const MAX_PARTITION_KEY_BYTES = 2048;
const MAX_SORT_KEY_BYTES = 1024;

/** The items of one table. What is read is never changed afterwards. */
export class Table {
  /** By key; in no order. */
  readonly #items = new Map<string, Item>();

  constructor(
    readonly definition: LocalTable,
    private readonly nowMs: () => number,
  ) {}

  get(key: Item): Item | undefined {
    this.#deleteExpired();
    return this.#items.get(this.#identityOf(key));
  }

  put(item: Item): void {
    this.#items.set(this.#identityOf(item), item);
  }

  delete(key: Item): void {
    this.#items.delete(this.#identityOf(key));
  }

  /** Items with this partition key, by their sort keys. */
  partition(partitionKey: AttributeValue): Item[] {
    this.#deleteExpired();
    const { partitionKey: partition, sortKey } = this.definition;
    const items = [...this.#items.values()].filter((item) => compare(item[partition.name]!, partitionKey) === 0);
    return sortKey ? items.toSorted((a, b) => compare(a[sortKey.name]!, b[sortKey.name]!) ?? 0) : items;
  }

  /** Whether an item of the partition of a key comes no later than the key. */
  isUpTo(item: Item, key: Item, isAscending: boolean): boolean {
    const { sortKey } = this.definition;
    const order = sortKey ? (compare(item[sortKey.name]!, key[sortKey.name]!) ?? 0) : 0;
    return isAscending ? order <= 0 : order >= 0;
  }

  /** The key attributes of an item, and nothing else. */
  keyOf(item: Item): Item {
    return Object.fromEntries(keyAttributesOf(this.definition).map(({ name }) => [name, item[name]!]));
  }

  /** @throws AwsError for what is no key of this table */
  readKey(value: unknown, path: string): Item {
    const key = readItem(value, path);
    const attributes = keyAttributesOf(this.definition);
    const fits = attributes.every(({ name, type }) => key[name] !== undefined && type in key[name]);
    if (!fits || Object.keys(key).length !== attributes.length) {
      throw validationException('The provided key element does not match the schema');
    }
    this.#requireKeySizes(key);
    return key;
  }

  /** @throws AwsError for an item that this table cannot keep */
  readItem(value: unknown, path: string): Item {
    const item = readItem(value, path);
    for (const { name, type } of keyAttributesOf(this.definition)) {
      const key = item[name];
      if (key === undefined) throw invalidValue(`Missing the key ${name} in the item`);
      if (!(type in key)) {
        throw invalidValue(`Type mismatch for key ${name} expected: ${type} actual: ${Object.keys(key)[0]}`);
      }
    }
    this.#requireKeySizes(item);
    return item;
  }

  #requireKeySizes(item: Item): void {
    for (const { name, type } of keyAttributesOf(this.definition)) {
      const text = String(Object.values(item[name]!)[0]);
      if (text === '') {
        const what = type === 'S' ? 'string' : 'binary';
        const problem = `The AttributeValue for a key attribute cannot contain an empty ${what} value. Key: ${name}`;
        throw validationException(`One or more parameter values are not valid. ${problem}`);
      }
      const isPartition = name === this.definition.partitionKey.name;
      const limit = isPartition ? MAX_PARTITION_KEY_BYTES : MAX_SORT_KEY_BYTES;
      if (Buffer.byteLength(text, type === 'B' ? 'base64' : 'utf8') <= limit) continue;
      throw invalidValue(
        isPartition
          ? // As the service says it, without the space.
            `Size of hashkey has exceeded the maximum size limit of${limit} bytes`
          : `Aggregated size of all range keys has exceeded the size limit of ${limit} bytes`,
      );
    }
  }

  #identityOf(item: Item): string {
    return JSON.stringify(keyAttributesOf(this.definition).map(({ name }) => Object.values(item[name]!)[0]));
  }

  #deleteExpired(): void {
    const { ttlAttribute, deletesExpiredAfterHours = DEFAULT_DELETION_HOURS } = this.definition;
    if (ttlAttribute === undefined) return;
    const limit = parseDecimal(String(this.nowMs() / 1000 - deletesExpiredAfterHours * 3600))!;
    for (const [identity, item] of this.#items) {
      const expiry = item[ttlAttribute];
      if (expiry && 'N' in expiry && compareDecimals(toDecimal(expiry.N), limit) <= 0) this.#items.delete(identity);
    }
  }
}
