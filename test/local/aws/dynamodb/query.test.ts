import { QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { rejectionOf } from '../stack';
import { type Row, startTables, type TestTables } from './table';

let tables: TestTables;
beforeAll(async () => {
  tables = await startTables();
  for (const at of [10, 9, -1, 2.5, 100]) {
    await tables.put({ runner: { S: 'x' }, moment: { N: `${at}` }, even: { BOOL: at % 2 === 0 } }, 'history');
  }
  await tables.put({ runner: { S: 'y' }, moment: { N: '1' } }, 'history');
  for (const title of ['b', 'ab', 'aa', 'ä']) {
    await tables.put({ book: { S: 'k' }, title: { S: title } }, 'pages');
  }
});
afterAll(() => tables.close());

const query = (KeyConditionExpression: string, values: Row, more: Partial<QueryCommandInput> = {}) =>
  tables.client.send(
    new QueryCommand({
      TableName: 'history',
      KeyConditionExpression,
      ExpressionAttributeValues: { ':x': { S: 'x' }, ...values },
      ...more,
    }),
  );
const timesOf = ({ Items = [] }: { Items?: Row[] }) => Items.map(({ moment }) => Number(moment!.N));
const N = (n: number) => ({ N: `${n}` });

test.each<[string, Row, number[]]>([
  ['runner = :x', {}, [-1, 2.5, 9, 10, 100]],
  ['runner = :x AND moment = :a', { ':a': N(9) }, [9]],
  ['runner = :x AND moment > :a', { ':a': N(9) }, [10, 100]],
  [':a >= moment AND :x = runner', { ':a': N(9) }, [-1, 2.5, 9]],
  ['runner = :x AND moment BETWEEN :a AND :b', { ':a': N(2.5), ':b': N(10) }, [2.5, 9, 10]],
])('%s with %j', async (condition, values, times) => {
  expect(timesOf(await query(condition, values))).toEqual(times);
});

test('texts are in the order of their bytes, and found by how they begin', async () => {
  const pages = (condition: string, values: Row) =>
    query(condition, values, { TableName: 'pages' }).then(({ Items }) => Items!.map(({ title }) => title!.S));
  expect(await pages('book = :x', { ':x': { S: 'k' } })).toEqual(['aa', 'ab', 'b', 'ä']);
  const some = { ':x': { S: 'k' }, ':a': { S: 'a' } };
  expect(await pages('book = :x AND begins_with(title, :a)', some)).toEqual(['aa', 'ab']);
});

test('a descending query begins at the end', async () => {
  expect(timesOf(await query('runner = :x', {}, { ScanIndexForward: false, Limit: 2 }))).toEqual([100, 10]);
});

test.each([true, false])(
  'pages of two, one after the other, are the whole (ascending: %p)',
  async (ScanIndexForward) => {
    const whole = timesOf(await query('runner = :x', {}, { ScanIndexForward }));
    const times: number[][] = [];
    let ExclusiveStartKey: Row | undefined;
    do {
      const page = await query(
        'runner = :x',
        {},
        {
          ScanIndexForward,
          Limit: 2,
          ...(ExclusiveStartKey && { ExclusiveStartKey }),
        },
      );
      times.push(timesOf(page));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    expect(times.map((page) => page.length)).toEqual([2, 2, 1]);
    expect(times.flat()).toEqual(whole);
  },
);

test('a limit counts what is read, not what the filter leaves', async () => {
  const page = await query('runner = :x', { ':true': { BOOL: true } }, { FilterExpression: 'even = :true', Limit: 4 });
  expect(timesOf(page)).toEqual([10]);
  expect(page).toMatchObject({ Count: 1, ScannedCount: 4, LastEvaluatedKey: { runner: { S: 'x' }, moment: N(10) } });
});

test('a page that ends with the last item but is full tells its key, and the next page is empty', async () => {
  const full = await query('runner = :x', {}, { Limit: 5 });
  expect(full.LastEvaluatedKey).toEqual({ runner: { S: 'x' }, moment: N(100) });
  const next = await query('runner = :x', {}, { Limit: 5, ExclusiveStartKey: full.LastEvaluatedKey! });
  expect(next).toMatchObject({ Items: [], Count: 0 });
  expect(next.LastEvaluatedKey).toBeUndefined();
});

test('a query may cut items down, or only count them', async () => {
  const { Items } = await query('runner = :x', {}, { ProjectionExpression: 'moment', Limit: 1 });
  expect(Items).toEqual([{ moment: N(-1) }]);
  const counted = await query('runner = :x', {}, { Select: 'COUNT' });
  expect([counted.Count, counted.Items]).toEqual([5, undefined]);
});

test.each<[string, Row, string]>([
  ['moment = :a', { ':a': N(1), ':x': N(1) }, 'Query condition missed key schema element: runner'],
  ['runner = :x AND even = :a', { ':a': N(1) }, 'Query condition missed key schema element: moment'],
  ['runner > :x', {}, 'Query key condition not supported'],
  ['runner = :x OR moment = :a', { ':a': N(1) }, 'Invalid operator used in KeyConditionExpression: OR'],
  ['runner = :x AND moment <> :a', { ':a': N(1) }, 'Invalid operator used in KeyConditionExpression: <>'],
  [
    'runner = :x AND moment > :a AND moment < :b',
    { ':a': N(1), ':b': N(2) },
    'KeyConditionExpressions must only contain one condition per key',
  ],
  [
    'runner = :x AND moment = :a',
    { ':a': { S: '1' } },
    'One or more parameter values were invalid: Condition parameter type does not match schema type',
  ],
])('%s is no key condition', async (condition, values, message) => {
  const error = await rejectionOf(query(condition, values));
  expect(error.name).toBe('ValidationException');
  expect(error.message.replace('Invalid KeyConditionExpression: ', '')).toContain(message);
});
