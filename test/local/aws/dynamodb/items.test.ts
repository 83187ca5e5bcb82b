import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBServiceException,
  GetItemCommand,
  PutItemCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import { BEGIN_MS, rejectionOf } from '../stack';
import { startTables, type TestTables } from './table';

let tables: TestTables;
beforeEach(async () => {
  tables = await startTables();
});
afterEach(() => tables.close());

const isAbsent = { ConditionExpression: 'attribute_not_exists(id)' };

test('what is put is read, in types of DynamoDB, with numbers as it writes them', async () => {
  await tables.put({
    id: { S: 'a' },
    text: { S: '' },
    number: { N: '+1.50e2' },
    small: { N: '-0.001' },
    bytes: { B: new Uint8Array([0, 255]) },
    yes: { BOOL: true },
    nothing: { NULL: true },
    map: { M: { inner: { L: [{ N: '01' }, { S: 'x' }] } } },
    words: { SS: ['b', 'a'] },
    counts: { NS: ['1.0', '2'] },
  });
  expect(await tables.read()).toEqual({
    id: { S: 'a' },
    text: { S: '' },
    number: { N: '150' },
    small: { N: '-0.001' },
    bytes: { B: new Uint8Array([0, 255]) },
    yes: { BOOL: true },
    nothing: { NULL: true },
    map: { M: { inner: { L: [{ N: '1' }, { S: 'x' }] } } },
    words: { SS: ['b', 'a'] },
    counts: { NS: ['1', '2'] },
  });
});

test('what is not there is read as nothing', async () => {
  expect(await tables.read()).toBeUndefined();
});

test('of many who put a lease at once, one gets it', async () => {
  const outcomes = await Promise.allSettled(
    Array.from({ length: 100 }, (_, owner) =>
      tables.client.send(
        new PutItemCommand({
          TableName: 'board',
          Item: { id: { S: 'lease' }, owner: { N: `${owner}` } },
          ...isAbsent,
        }),
      ),
    ),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('a condition that does not hold changes nothing, and tells what is there to whoever asks', async () => {
  await tables.put({ id: { S: 'a' }, version: { N: '1' } });
  const put = { TableName: 'board', Item: { id: { S: 'a' }, version: { N: '2' } }, ...isAbsent };
  const error = await rejectionOf(tables.client.send(new PutItemCommand(put)));
  expect(error).toBeInstanceOf(ConditionalCheckFailedException);
  expect(error).toMatchObject({ message: 'The conditional request failed', $metadata: { httpStatusCode: 400 } });
  expect(error.Item).toBeUndefined();
  const telling = new PutItemCommand({ ...put, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
  expect((await rejectionOf(tables.client.send(telling))).Item).toEqual({ id: { S: 'a' }, version: { N: '1' } });
  expect(await tables.read()).toEqual({ id: { S: 'a' }, version: { N: '1' } });
});

test('an item is deleted if the condition holds, and told if asked for', async () => {
  await tables.put({ id: { S: 'a' }, owner: { S: 'me' } });
  const remove = (owner: string) =>
    tables.client.send(
      new DeleteItemCommand({
        TableName: 'board',
        Key: tables.key,
        ConditionExpression: '#owner = :owner',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: { ':owner': { S: owner } },
        ReturnValues: 'ALL_OLD',
      }),
    );
  expect(await rejectionOf(remove('you'))).toBeInstanceOf(ConditionalCheckFailedException);
  expect((await remove('me')).Attributes).toEqual({ id: { S: 'a' }, owner: { S: 'me' } });
  expect(await tables.read()).toBeUndefined();
});

test('an item that is replaced is told if asked for', async () => {
  const put = (n: string) =>
    tables.client.send(
      new PutItemCommand({ TableName: 'board', Item: { id: { S: 'a' }, n: { N: n } }, ReturnValues: 'ALL_OLD' }),
    );
  expect((await put('1')).Attributes).toBeUndefined();
  expect((await put('2')).Attributes).toEqual({ id: { S: 'a' }, n: { N: '1' } });
});

test('a batch reads several items, of several tables, cut down to what is asked for', async () => {
  await tables.put({ id: { S: 'a' }, n: { N: '1' }, m: { N: '9' } });
  await tables.put({ id: { S: 'b' }, n: { N: '2' } });
  await tables.put({ runner: { S: 'x' }, moment: { N: '7' } }, 'history');
  const { Responses, UnprocessedKeys } = await tables.client.send(
    new BatchGetItemCommand({
      RequestItems: {
        board: { Keys: ['a', 'b', 'c'].map((id) => ({ id: { S: id } })), ProjectionExpression: 'id, n' },
        history: { Keys: [{ runner: { S: 'x' }, moment: { N: '7.0' } }] },
      },
    }),
  );
  expect(Responses).toEqual({
    board: [
      { id: { S: 'a' }, n: { N: '1' } },
      { id: { S: 'b' }, n: { N: '2' } },
    ],
    history: [{ runner: { S: 'x' }, moment: { N: '7' } }],
  });
  expect(UnprocessedKeys).toEqual({});
});

test('a batch of more than 16 MB leaves keys for another call', async () => {
  const ids = Array.from({ length: 45 }, (_, at) => `page ${at}`);
  await Promise.all(ids.map((id) => tables.put({ id: { S: id }, text: { S: 'x'.repeat(390_000) } })));
  const { Responses, UnprocessedKeys } = await tables.client.send(
    new BatchGetItemCommand({ RequestItems: { board: { Keys: ids.map((id) => ({ id: { S: id } })) } } }),
  );
  const [read, left] = [Responses!.board!.length, UnprocessedKeys!.board!.Keys!.length];
  expect([read, left]).toEqual([43, 2]);
});

test('a projection names attributes, parts of maps and elements of lists', async () => {
  await tables.put({
    id: { S: 'a' },
    status: { S: 'warm' },
    doc: { M: { x: { N: '1' }, y: { N: '2' } } },
    list: { L: [{ S: 'p' }, { M: { q: { S: 'r' }, s: { S: 't' } } }, { S: 'u' }] },
  });
  const { Item } = await tables.client.send(
    new GetItemCommand({
      TableName: 'board',
      Key: tables.key,
      ProjectionExpression: '#status, doc.y, #list[1].q, #list[2], gone.far[3]',
      ExpressionAttributeNames: { '#status': 'status', '#list': 'list' },
    }),
  );
  expect(Item).toEqual({
    status: { S: 'warm' },
    doc: { M: { y: { N: '2' } } },
    list: { L: [{ M: { q: { S: 'r' } } }, { S: 'u' }] },
  });
});

test('an expired item may still be read for two days, or goes at once where the table says so', async () => {
  const expiresAtSeconds = { N: `${BEGIN_MS / 1000 + 60}` };
  await tables.put({ id: { S: 'a' }, expiresAtSeconds });
  await tables.put({ runner: { S: 'x' }, moment: { N: '7' }, expiresAtSeconds }, 'history');
  const readHistory = async () => {
    const Key = { runner: { S: 'x' }, moment: { N: '7' } };
    return (await tables.client.send(new GetItemCommand({ TableName: 'history', Key }))).Item;
  };
  tables.clock.advance(59_000);
  expect([await tables.read(), await readHistory()]).toEqual([expect.anything(), expect.anything()]);
  tables.clock.advance(1000);
  expect([await tables.read(), await readHistory()]).toEqual([expect.anything(), undefined]);
  tables.clock.advance(48 * 3600e3);
  expect(await tables.read()).toBeUndefined();
});

test('a table that is not there', async () => {
  const error = await rejectionOf(tables.put({ id: { S: 'a' } }, 'nowhere'));
  expect(error).toBeInstanceOf(ResourceNotFoundException);
  expect(error.message).toBe('Requested resource not found');
});

test('a table is also known by its ARN', async () => {
  await tables.put({ id: { S: 'a' } }, 'arn:aws:dynamodb:eu-west-1:123456789012:table/board');
  expect(await tables.read()).toEqual({ id: { S: 'a' } });
});

const get = (Key: Record<string, any>) => () => tables.client.send(new GetItemCommand({ TableName: 'board', Key }));

test.each([
  ['a key of another type', get({ id: { N: '1' } }), 'The provided key element does not match the schema'],
  [
    'a key with more than it has',
    get({ id: { S: '1' }, x: { S: '1' } }),
    'The provided key element does not match the schema',
  ],
  [
    'an empty key',
    get({ id: { S: '' } }),
    'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: id',
  ],
  [
    'a key that is too long',
    get({ id: { S: 'x'.repeat(2049) } }),
    'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes',
  ],
  [
    'an item without its key',
    () => tables.put({ n: { N: '1' } }),
    'One or more parameter values were invalid: Missing the key id in the item',
  ],
  [
    'an item whose key has another type',
    () => tables.put({ id: { N: '1' } }),
    'One or more parameter values were invalid: Type mismatch for key id expected: S actual: N',
  ],
  [
    'a number that is none',
    () => tables.put({ id: { S: 'a' }, n: { N: 'NaN' } }),
    'The parameter cannot be converted to a numeric value: NaN',
  ],
  [
    'a number of 39 digits',
    () => tables.put({ id: { S: 'a' }, n: { N: '1'.repeat(39) } }),
    'Attempting to store more than 38 significant digits in a Number',
  ],
  [
    'a number that is too large',
    () => tables.put({ id: { S: 'a' }, n: { N: '1e126' } }),
    'Number overflow. Attempting to store a number with magnitude larger than supported range',
  ],
  [
    'an empty set',
    () => tables.put({ id: { S: 'a' }, s: { SS: [] } }),
    'One or more parameter values were invalid: An string set  may not be empty',
  ],
  [
    'a set of numbers with two that are equal',
    () => tables.put({ id: { S: 'a' }, s: { NS: ['1', '1.0'] } }),
    'Input collection contains duplicates',
  ],
  [
    'an item above 400 KB',
    () => tables.put({ id: { S: 'a' }, text: { S: 'x'.repeat(410_000) } }),
    'Item size has exceeded the maximum allowed size',
  ],
  [
    'a batch with a key twice',
    () =>
      tables.client.send(
        new BatchGetItemCommand({ RequestItems: { board: { Keys: [{ id: { S: 'a' } }, { id: { S: 'a' } }] } } }),
      ),
    'Provided list of item keys contains duplicates',
  ],
  [
    'a batch of 101 keys',
    () => {
      const Keys = Array.from({ length: 101 }, (_, at) => ({ id: { S: `${at}` } }));
      return tables.client.send(new BatchGetItemCommand({ RequestItems: { board: { Keys } } }));
    },
    'Too many items requested for the BatchGetItem call',
  ],
])('%s is refused', async (_, call, message) => {
  const error = await rejectionOf(call());
  expect(error).toBeInstanceOf(DynamoDBServiceException);
  expect(error).toMatchObject({ name: 'ValidationException', message, $metadata: { httpStatusCode: 400 } });
});
