import { type AttributeValue, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { STATE_SCHEMA } from '../../../lambda/tuner/state-schema';
import { startTuned, TABLE, type TunedStack } from './tuned-stack';

let stack: TunedStack;

beforeEach(async () => {
  stack = await startTuned(16);
  for (let minute = 0; minute < 3; minute++) {
    await stack.minute();
    await stack.tick();
  }
});

afterEach(() => stack.stop());

const store = (schema: AttributeValue | undefined) =>
  stack.clients.dynamo.send(
    new UpdateItemCommand({
      TableName: TABLE,
      Key: { component: { S: 'writer' }, at: { S: 'state' } },
      ...(schema
        ? { UpdateExpression: 'SET #schema = :schema', ExpressionAttributeValues: { ':schema': schema } }
        : { UpdateExpression: 'REMOVE #schema' }),
      ExpressionAttributeNames: { '#schema': 'schema' },
    }),
  );

async function nextReasons(): Promise<readonly string[]> {
  await stack.minute();
  await stack.tick();
  return (await stack.table.entries('writer', 0)).at(-1)!.entry.reasons;
}

test.each<[what: string, schema: AttributeValue | undefined, told: string]>([
  ['a later schema', { N: String(STATE_SCHEMA + 1) }, String(STATE_SCHEMA + 1)],
  ['none', undefined, 'none'],
])('a state of %s is dropped, and the ledger says so once', async (_, schema, told) => {
  await store(schema);
  expect((await nextReasons())[0]).toBe(
    `stored state of schema ${told} dropped, ${STATE_SCHEMA} is read here: what was learned begins anew`,
  );
  const { value } = (await stack.table.states(['writer'])).get('writer')!;
  expect(value).toMatchObject({ tuner: { fit: { updates: 1 } } });
  expect((await nextReasons()).join()).not.toContain('dropped');
});

test.each([STATE_SCHEMA, 2])('a state of schema %d is read', async (schema) => {
  await store({ N: String(schema) });
  expect((await nextReasons()).join()).not.toContain('dropped');
});
