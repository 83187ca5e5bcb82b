import { randomUUID } from 'node:crypto';
import type { AttributeValue, KeysAndAttributes } from '@aws-sdk/client-dynamodb';
import { errorLike } from '../backends/error-like';
import { lazy, sdkConfig } from '../backends/sdk';
import type { Board, Entry, WriteOptions } from './board';

export interface DynamoBoardOptions {
  /** Name of the table: partition key `id`, time to live in `expiresAtSeconds`. */
  readonly table: string;
  /** For one try of one operation. */
  readonly timeoutMs: number;
  /** Tries of an operation that fails for a reason which may pass. */
  readonly maxAttempts: number;
  /** Whether every read sees what was written before it, for twice the price. */
  readonly isConsistent: boolean;
}

/** Most items that one read may name. */
const BATCH = 100;

/** Reads of what a batch left out. */
const MAX_ROUNDS = 4;

type Item = Record<string, AttributeValue>;

/** The board in a table of DynamoDB. Documents are one attribute with JSON: nothing queries their fields. */
export class DynamoBoard implements Board {
  readonly #options: DynamoBoardOptions;
  readonly #dynamo: () => Promise<Dynamo>;

  constructor(options: DynamoBoardOptions) {
    this.#options = options;
    this.#dynamo = lazy(() => connect(options));
    // While the function starts: to load a client takes a moment in which nothing else goes on.
    this.#dynamo().catch(() => {});
  }

  async read(ids: readonly string[]): Promise<ReadonlyMap<string, Entry>> {
    const distinct = [...new Set(ids)];
    const batches = Array.from({ length: Math.ceil(distinct.length / BATCH) }, (_, at) =>
      distinct.slice(at * BATCH, (at + 1) * BATCH),
    );
    const items = (await Promise.all(batches.map((batch) => this.#readBatch(batch)))).flat();
    return new Map(items.flatMap(entriesOf));
  }

  async write(id: string, value: unknown, before: string | undefined, { expiresAtMs }: WriteOptions = {}) {
    const revision = randomUUID();
    const item: Item = {
      id: { S: id },
      revision: { S: revision },
      json: { S: JSON.stringify(value) },
      ...(expiresAtMs !== undefined && expiry(expiresAtMs)),
    };
    return (await this.#put(item, unchanged(before))) ? revision : undefined;
  }

  async remove(id: string, before: string): Promise<boolean> {
    return this.#delete(id, unchanged(before));
  }

  async lease(id: string, owner: string, nowMs: number, untilMs: number): Promise<boolean> {
    const item: Item = { id: { S: id }, owner: { S: owner }, untilMs: { N: String(untilMs) }, ...expiry(untilMs) };
    return this.#put(item, {
      ConditionExpression: 'attribute_not_exists(#id) OR #untilMs <= :now',
      ExpressionAttributeNames: { '#id': 'id', '#untilMs': 'untilMs' },
      ExpressionAttributeValues: { ':now': { N: String(nowMs) } },
    });
  }

  async free(id: string, owner: string): Promise<void> {
    await this.#delete(id, {
      ConditionExpression: '#owner = :owner',
      ExpressionAttributeNames: { '#owner': 'owner' },
      ExpressionAttributeValues: { ':owner': { S: owner } },
    });
  }

  async #readBatch(ids: readonly string[]): Promise<Item[]> {
    const { table, isConsistent } = this.#options;
    const items: Item[] = [];
    let missing: KeysAndAttributes | undefined = {
      Keys: ids.map((id) => ({ id: { S: id } })),
      ConsistentRead: isConsistent,
    };
    for (let round = 0; missing?.Keys?.length; round++) {
      // What is only left out would look as if it were not there.
      if (round === MAX_ROUNDS) throw new Error(`the table ${table} left out ${missing.Keys.length} items`);
      const { client, BatchGetItemCommand } = await this.#dynamo();
      const { Responses, UnprocessedKeys }: BatchAnswer = await client.send(
        new BatchGetItemCommand({ RequestItems: { [table]: missing } }),
      );
      items.push(...(Responses?.[table] ?? []));
      missing = UnprocessedKeys?.[table];
    }
    return items;
  }

  async #put(item: Item, condition: Condition): Promise<boolean> {
    const { client, PutItemCommand } = await this.#dynamo();
    return isDone(client.send(new PutItemCommand({ TableName: this.#options.table, Item: item, ...condition })));
  }

  async #delete(id: string, condition: Condition): Promise<boolean> {
    const { client, DeleteItemCommand } = await this.#dynamo();
    const key = { TableName: this.#options.table, Key: { id: { S: id } } };
    return isDone(client.send(new DeleteItemCommand({ ...key, ...condition })));
  }
}

interface BatchAnswer {
  readonly Responses?: Record<string, Item[]> | undefined;
  readonly UnprocessedKeys?: Record<string, KeysAndAttributes> | undefined;
}

interface Condition {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues?: Item;
}

type Dynamo = Awaited<ReturnType<typeof connect>>;

async function connect({ timeoutMs, maxAttempts }: DynamoBoardOptions) {
  const { BatchGetItemCommand, DeleteItemCommand, DynamoDBClient, PutItemCommand } = await import(
    '#cdk-compound-inference/dynamodb'
  );
  const client = new DynamoDBClient({ ...(await sdkConfig(timeoutMs)), maxAttempts });
  return { client, BatchGetItemCommand, DeleteItemCommand, PutItemCommand };
}

function unchanged(before: string | undefined): Condition {
  return before === undefined
    ? { ConditionExpression: 'attribute_not_exists(#id)', ExpressionAttributeNames: { '#id': 'id' } }
    : {
        ConditionExpression: '#revision = :before',
        ExpressionAttributeNames: { '#revision': 'revision' },
        ExpressionAttributeValues: { ':before': { S: before } },
      };
}

async function isDone(operation: Promise<unknown>): Promise<boolean> {
  try {
    await operation;
    return true;
  } catch (error) {
    if (errorLike(error).name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}

/** DynamoDB removes an item some time after this. */
function expiry(atMs: number): Item {
  return { expiresAtSeconds: { N: String(Math.ceil(atMs / 1000)) } };
}

/** None of a lease, which has no document. */
function entriesOf({ id, revision, json }: Item): [string, Entry][] {
  if (id?.S === undefined || revision?.S === undefined || json?.S === undefined) return [];
  return [[id.S, { revision: revision.S, value: JSON.parse(json.S) }]];
}
