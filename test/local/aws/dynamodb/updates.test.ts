import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { rejectionOf } from '../stack';
import { type Row, startTables, type TestTables } from './table';

let tables: TestTables;
beforeAll(async () => {
  tables = await startTables();
});
beforeEach(() =>
  tables.put({
    id: { S: 'a' },
    n: { N: '1' },
    doc: { M: { x: { N: '1' } } },
    cart: { L: ['p', 'q', 'r'].map((S) => ({ S })) },
    tags: { SS: ['x', 'y'] },
    primes: { NS: ['2', '3'] },
  }),
);
afterAll(() => tables.close());

const N = (n: number | string) => ({ N: `${n}` });
const words = (...all: string[]) => ({ L: all.map((S) => ({ S })) });

test.each<[string, Row | undefined, Row]>([
  ['SET n = :v', { ':v': { S: 'new' } }, { n: { S: 'new' } }],
  ['SET n = n + :v', { ':v': N('0.1') }, { n: N('1.1') }],
  ['SET n = n - :v, fresh = n', { ':v': N(3) }, { n: N(-2), fresh: N(1) }],
  ['SET fresh = if_not_exists(fresh, :v) + :w', { ':v': N(5), ':w': N(1) }, { fresh: N(6) }],
  ['SET n = if_not_exists(n, :v)', { ':v': N(5) }, { n: N(1) }],
  ['SET cart = list_append(cart, :v)', { ':v': words('s') }, { cart: words('p', 'q', 'r', 's') }],
  [
    'SET fresh = list_append(if_not_exists(fresh, :none), :v)',
    { ':v': words('s'), ':none': words() },
    { fresh: words('s') },
  ],
  [
    'SET doc.y = :v, cart[1] = :v',
    { ':v': { S: 'v' } },
    { doc: { M: { x: N(1), y: { S: 'v' } } }, cart: words('p', 'v', 'r') },
  ],
  ['SET cart[9] = :v, cart[7] = :w', { ':v': { S: 'v' }, ':w': { S: 'w' } }, { cart: words('p', 'q', 'r', 'w', 'v') }],
  ['REMOVE cart[0], cart[1], gone', undefined, { cart: words('r') }],
  ['REMOVE doc.x', undefined, { doc: { M: {} } }],
  ['ADD n :v, fresh :v', { ':v': N(2) }, { n: N(3), fresh: N(2) }],
  ['ADD tags :v', { ':v': { SS: ['y', 'z'] } }, { tags: { SS: ['x', 'y', 'z'] } }],
  ['ADD primes :v', { ':v': { NS: ['3.0', '5'] } }, { primes: { NS: ['2', '3', '5'] } }],
  ['DELETE tags :v', { ':v': { SS: ['x', 'absent'] } }, { tags: { SS: ['y'] } }],
  [
    'set n = :v remove doc add primes :w',
    { ':v': N(7), ':w': { NS: ['7'] } },
    { n: N(7), primes: { NS: ['2', '3', '7'] } },
  ],
])('%s', async (expression, values, after) => {
  const { Attributes } = await tables.update(expression, values, { ReturnValues: 'ALL_NEW' });
  expect(Attributes).toMatchObject(after);
  expect(await tables.read()).toEqual(Attributes);
});

test('a set that is emptied is no attribute any more', async () => {
  await tables.update('DELETE tags :v REMOVE n', { ':v': { SS: ['x', 'y'] } });
  expect(Object.keys((await tables.read())!).sort()).toEqual(['cart', 'doc', 'id', 'primes']);
});

test('an item that is not there is made, even by an update that says nothing', async () => {
  const { Attributes } = await tables.update(
    'ADD visits :one',
    { ':one': N(1) },
    {
      Key: { id: { S: 'new' } },
      ReturnValues: 'ALL_NEW',
    },
  );
  expect(Attributes).toEqual({ id: { S: 'new' }, visits: N(1) });
});

test.each<['ALL_OLD' | 'UPDATED_OLD' | 'UPDATED_NEW' | 'NONE', Row | undefined]>([
  ['UPDATED_OLD', { n: N(1), doc: { M: { x: N(1) } } }],
  ['UPDATED_NEW', { n: N(2), doc: { M: { x: N(2) } }, fresh: N(2) }],
  ['NONE', undefined],
])('an update returns %s', async (ReturnValues, expected) => {
  const { Attributes } = await tables.update('SET n = :v, doc.x = :v, fresh = :v', { ':v': N(2) }, { ReturnValues });
  expect(Attributes).toEqual(expected);
});

test('versions guard against lost updates', async () => {
  const grow = (seen: number) =>
    tables.update('SET n = :next', { ':seen': N(seen), ':next': N(seen + 1) }, { ConditionExpression: 'n = :seen' });
  await grow(1);
  expect(await rejectionOf(grow(1))).toBeInstanceOf(ConditionalCheckFailedException);
  await grow(2);
  expect(await tables.read()).toMatchObject({ n: N(3) });
});

test('sums are exact', async () => {
  const decimal = fc.tuple(fc.bigInt(-(10n ** 15n), 10n ** 15n), fc.integer({ min: 0, max: 9 }));
  await fc.assert(
    fc.asyncProperty(decimal, decimal, async ([a, i], [b, j]) => {
      await tables.update('SET n = :a - :b', { ':a': N(`${a}e-${i}`), ':b': N(`${b}e-${j}`) });
      await tables.update('ADD n :b', { ':b': N(`${b}e-${j}`) });
      await tables.update('SET n = :a', { ':a': N(`${a}e-${i}`) }, { ConditionExpression: 'n = :a' });
    }),
    { numRuns: 20 },
  );
});

test.each<[string, string, Row?]>([
  ['SET', 'Invalid UpdateExpression: Syntax error; token: "<EOF>", near: "SET"'],
  ['INVALID SYNTAX HERE', 'Invalid UpdateExpression: Syntax error; token: "INVALID", near: "INVALID SYNTAX"'],
  ['ADD hits : incr', 'Invalid UpdateExpression: Syntax error; token: ":", near: "hits : incr"'],
  [
    'SET n = :v SET fresh = :v',
    'Invalid UpdateExpression: The "SET" section can only be used once in an update expression;',
    { ':v': N(1) },
  ],
  [
    'SET n = :v REMOVE n',
    'Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [n], path two: [n]',
    { ':v': N(1) },
  ],
  [
    'SET doc.x = :v, doc[0] = :v',
    'Invalid UpdateExpression: Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [doc, x], path two: [doc, [0]]',
    { ':v': N(1) },
  ],
  [
    'ADD fresh :v',
    'Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND',
    { ':v': { S: 'x' } },
  ],
  [
    'SET n = n + :v',
    'Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: +, operand type: S',
    { ':v': { S: 'x' } },
  ],
  ['SET n = tags + :v', 'An operand in the update expression has an incorrect data type', { ':v': N(1) }],
  ['ADD n :v', 'An operand in the update expression has an incorrect data type', { ':v': { SS: ['x'] } }],
  ['SET fresh = gone', 'The provided expression refers to an attribute that does not exist in the item'],
  ['SET gone.x = :v', 'The document path provided in the update expression is invalid for update', { ':v': N(1) }],
  [
    'SET id = :v',
    'One or more parameter values were invalid: Cannot update attribute id. This attribute is part of the key',
    { ':v': { S: 'b' } },
  ],
  ['SET big = :v', 'Item size to update has exceeded the maximum allowed size', { ':v': { S: 'x'.repeat(410_000) } }],
])('%s is refused, and changes nothing', async (expression, message, ...[values]) => {
  const before = await tables.read();
  const error = await rejectionOf(tables.update(expression, values));
  expect(error).toMatchObject({ name: 'ValidationException', message });
  expect(await tables.read()).toEqual(before);
});
