import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { errorLike } from '../../backends/error-like';
import { FUNCTION_TIMEOUT_MS, lazy, sdkConfig } from '../../backends/sdk';
import { type Entry, entryUpdate, type KnownTenant } from './entry-update';
import { TooManyEntries } from './gate';

/**
 * What DynamoDB says to an item that is written more often than it can be, and to a table.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
const THROTTLES: ReadonlySet<string> = new Set([
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
]);

/** The tenants in a table of DynamoDB: partition key `id`, time to live in `expiresAtSeconds`. */
export class TenantTable {
  readonly #table: string;
  readonly #dynamo: () => Promise<Dynamo>;

  constructor(table: string) {
    this.#table = table;
    this.#dynamo = lazy(connect);
    // While the function starts: to load a client takes a moment in which nothing else goes on.
    this.#dynamo().catch(() => {});
  }

  ready(): Promise<unknown> {
    return this.#dynamo();
  }

  /**
   * Writes an entry down.
   *
   * @returns undefined, or as whom it has found the tenant if not as the entry supposes
   * @throws TooManyEntries, or whatever else the client throws
   */
  async enter(tenant: string, entry: Entry, abortSignal: AbortSignal): Promise<KnownTenant | undefined> {
    const { client, UpdateItemCommand } = await this.#dynamo();
    const update = new UpdateItemCommand({
      TableName: this.#table,
      Key: { id: { S: tenant } },
      ...entryUpdate(entry),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      await client.send(update, { abortSignal });
      return undefined;
    } catch (error) {
      if (THROTTLES.has(errorLike(error).name ?? '')) throw new TooManyEntries();
      if (!isRefusal(error)) throw error;
      return tenantOf((error as { readonly Item?: Item }).Item);
    }
  }

  /** Gives a place back; nothing happens if it is not held any more. @throws whatever the client throws */
  async leave(tenant: string, place: string, abortSignal: AbortSignal): Promise<void> {
    const { client, UpdateItemCommand } = await this.#dynamo();
    const update = new UpdateItemCommand({
      TableName: this.#table,
      Key: { id: { S: tenant } },
      UpdateExpression: 'REMOVE #places.#place',
      ConditionExpression: 'attribute_exists(#places.#place)',
      ExpressionAttributeNames: { '#places': 'places', '#place': place },
    });
    try {
      await client.send(update, { abortSignal });
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
  }
}

type Dynamo = Awaited<ReturnType<typeof connect>>;

async function connect() {
  const { DynamoDBClient, UpdateItemCommand } = await import('#cdk-compound-inference/dynamodb');
  // Each operation is ended by its signal, also while it waits for a connection.
  const config = await sdkConfig(FUNCTION_TIMEOUT_MS, undefined, FUNCTION_TIMEOUT_MS);
  return { client: new DynamoDBClient(config), UpdateItemCommand };
}

type Item = Readonly<Record<string, AttributeValue>>;

function isRefusal(error: unknown): boolean {
  return errorLike(error).name === 'ConditionalCheckFailedException';
}

function tenantOf({ places, paidUntilMs }: Item = {}): KnownTenant {
  const ends = Object.entries(places?.M ?? {}).map(([id, { N }]) => [id, Number(N)]);
  return {
    paidUntilMs: Number(paidUntilMs?.N ?? 0),
    places: Object.fromEntries(ends),
    hasPlaces: places?.M !== undefined,
  };
}
