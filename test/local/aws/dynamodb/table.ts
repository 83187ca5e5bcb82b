import {
  type AttributeValue,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { LocalTable } from '../../../../local/aws';
import { startStack } from '../stack';

export const TABLES: readonly LocalTable[] = [
  { name: 'board', partitionKey: { name: 'id', type: 'S' }, ttlAttribute: 'expiresAtSeconds' },
  {
    name: 'history',
    partitionKey: { name: 'runner', type: 'S' },
    sortKey: { name: 'moment', type: 'N' },
    ttlAttribute: 'expiresAtSeconds',
    deletesExpiredAfterHours: 0,
  },
  { name: 'pages', partitionKey: { name: 'book', type: 'S' }, sortKey: { name: 'title', type: 'S' } },
];

export type Row = Record<string, AttributeValue>;

/** Tables behind a real client. */
export async function startTables() {
  const stack = await startStack([], { tables: TABLES });
  const client = new DynamoDBClient(stack.clientConfig);
  const key = { id: { S: 'a' } };
  return {
    ...stack,
    client,
    key,
    put: (item: Row, table = 'board') => client.send(new PutItemCommand({ TableName: table, Item: item })),
    /** The item `a` of the board. */
    read: async () => (await client.send(new GetItemCommand({ TableName: 'board', Key: key }))).Item,
    /** Changes the item `a` of the board. */
    update: (UpdateExpression: string, values?: Row, more: Partial<UpdateItemCommandInput> = {}) =>
      client.send(
        new UpdateItemCommand({
          TableName: 'board',
          Key: key,
          UpdateExpression,
          ...(values && { ExpressionAttributeValues: values }),
          ...more,
        }),
      ),
    close: async () => {
      client.destroy();
      await stack.close();
    },
  };
}

export type TestTables = Awaited<ReturnType<typeof startTables>>;
