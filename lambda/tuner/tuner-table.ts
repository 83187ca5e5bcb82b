import { gunzipSync, gzipSync } from 'node:zlib';
import {
  type AttributeValue,
  BatchGetItemCommand,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  paginateQuery,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { errorLike } from '../backends/error-like';
import { inBatches, mapConcurrently } from './batches';
import type { KeptEntry, LedgerEntry, Verdict } from './ledger';
import { isReadable, STATE_SCHEMA } from './state-schema';

/** Plain JSON data, with the version by which concurrent writers tell each other. */
export interface Stored<T> {
  /** 0 of what was never stored. */
  readonly version: number;
  readonly value: T | undefined;
  /** Of a state that cannot be read: it has no value. */
  readonly otherSchema?: string;
}

export type TunerTable = ReturnType<typeof tunerTable>;

/** Sort keys that no time begins with. */
const STATE = 'state';
const LEASE = 'lease';

/** Of one call (DynamoDB API reference, BatchGetItem). */
const MAX_KEYS = 100;
const CALLS_AT_ONCE = 4;

/** Tries for keys that a throttled table left unread. */
const MAX_TRIES = 5;

/**
 * State and ledger of a tuner, in one table: partition key `component`, sort key `at`.
 *
 * A state is compressed: DynamoDB bills writes by the kilobyte, and each state is written with each tick.
 */
export function tunerTable(client: DynamoDBClient, tableName: string) {
  const TableName = tableName;

  async function readBatch(keys: readonly string[]): Promise<Record<string, AttributeValue>[]> {
    const items: Record<string, AttributeValue>[] = [];
    let rest: Record<string, AttributeValue>[] = keys.map((key) => keyOf(key, STATE));
    for (let tries = 0; rest.length > 0; tries++) {
      if (tries >= MAX_TRIES) throw new Error(`${tableName} left ${rest.length} states unread`);
      const { Responses = {}, UnprocessedKeys = {} } = await client.send(
        new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: rest, ConsistentRead: true } } }),
      );
      items.push(...Object.values(Responses).flat());
      rest = Object.values(UnprocessedKeys).flatMap(({ Keys = [] }) => Keys);
    }
    return items;
  }

  return {
    /** By key; of a key without a state there is none. */
    async states<T>(keys: readonly string[]): Promise<ReadonlyMap<string, Stored<T>>> {
      const items = await mapConcurrently(inBatches(keys, MAX_KEYS), CALLS_AT_ONCE, readBatch);
      return new Map(items.flat().map((item) => [item.component!.S!, storedOf<T>(item)]));
    },

    /** @returns the new version, or undefined if another has written in between */
    async saveState(key: string, value: unknown, version: number): Promise<number | undefined> {
      const next = version + 1;
      const isSaved = await unlessConditionFails(
        client.send(
          new PutItemCommand({
            TableName,
            Item: { ...keyOf(key, STATE), version: { N: String(next) }, schema: SCHEMA, body: { B: pack(value) } },
            ...(version === 0
              ? { ConditionExpression: 'attribute_not_exists(component)' }
              : {
                  ConditionExpression: 'version = :version',
                  ExpressionAttributeValues: { ':version': { N: String(version) } },
                }),
          }),
        ),
      );
      return isSaved ? next : undefined;
    },

    /** What is there already stays. */
    async addEntry(component: string, at: string, entry: LedgerEntry, expiresAtMs: number): Promise<void> {
      await unlessConditionFails(
        client.send(
          new PutItemCommand({
            TableName,
            Item: {
              ...keyOf(component, at),
              entry: { S: JSON.stringify(entry) },
              expiresAtSeconds: { N: String(Math.ceil(expiresAtMs / 1000)) },
            },
            ConditionExpression: 'attribute_not_exists(component)',
          }),
        ),
      );
    },

    /** Of an entry that is gone there is nothing to judge. */
    async judgeEntry(component: string, at: string, verdict: Verdict): Promise<void> {
      await unlessConditionFails(
        client.send(
          new UpdateItemCommand({
            TableName,
            Key: keyOf(component, at),
            UpdateExpression: 'SET verdict = :verdict',
            ConditionExpression: 'attribute_exists(component)',
            ExpressionAttributeValues: { ':verdict': { S: JSON.stringify(verdict) } },
          }),
        ),
      );
    },

    /** Entries since then, oldest first. */
    async entries(component: string, sinceMs: number): Promise<readonly KeptEntry[]> {
      const found: KeptEntry[] = [];
      const pages = paginateQuery(
        { client },
        {
          TableName,
          KeyConditionExpression: 'component = :component AND #at BETWEEN :since AND :last',
          ExpressionAttributeNames: { '#at': 'at' },
          ExpressionAttributeValues: {
            ':component': { S: component },
            ':since': { S: new Date(sinceMs).toISOString() },
            ':last': { S: LAST_TIME },
          },
        },
      );
      for await (const { Items = [] } of pages) {
        for (const { at, entry, verdict } of Items) {
          found.push({
            at: at!.S!,
            entry: JSON.parse(entry!.S!),
            ...(verdict?.S !== undefined && { verdict: JSON.parse(verdict.S) }),
          });
        }
      }
      return found;
    },

    /**
     * Takes the only right to tick until then. One that ended without giving it back loses it by time.
     *
     * @param holder whoever takes it; no two are alike
     */
    async acquireLease(key: string, holder: string, nowMs: number, untilMs: number): Promise<boolean> {
      return unlessConditionFails(
        client.send(
          new PutItemCommand({
            TableName,
            Item: { ...keyOf(key, LEASE), holder: { S: holder }, untilMs: { N: String(untilMs) } },
            ConditionExpression: 'attribute_not_exists(component) OR untilMs <= :now',
            ExpressionAttributeValues: { ':now': { N: String(nowMs) } },
          }),
        ),
      );
    },

    async releaseLease(key: string, holder: string): Promise<void> {
      await unlessConditionFails(
        client.send(
          new DeleteItemCommand({
            TableName,
            Key: keyOf(key, LEASE),
            ConditionExpression: 'holder = :holder',
            ExpressionAttributeValues: { ':holder': { S: holder } },
          }),
        ),
      );
    },
  };
}

const SCHEMA = { N: String(STATE_SCHEMA) };

function storedOf<T>(item: Record<string, AttributeValue>): Stored<T> {
  const version = Number(item.version!.N);
  const schema = item.schema?.N;
  if (!isReadable(schema)) return { version, value: undefined, otherSchema: schema ?? 'none' };
  return { version, value: unpack(item) as T };
}

/** Times are compared as text: no entry is later than this, and states and leases are behind it. */
const LAST_TIME = '9999-12-31T23:59:59.999Z';

function keyOf(component: string, at: string): Record<string, AttributeValue> {
  return { component: { S: component }, at: { S: at } };
}

/** The fastest level: a third of the time for a tenth more bytes. 30 kB become 2.6. */
function pack(value: unknown): Uint8Array {
  return gzipSync(JSON.stringify(value), { level: 1 });
}

function unpack({ body }: Record<string, AttributeValue>): unknown {
  return JSON.parse(gunzipSync(body!.B!).toString());
}

async function unlessConditionFails(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (errorLike(error).name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}
