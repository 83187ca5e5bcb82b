import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { rejectionOf } from '../stack';
import { type Row, startTables, type TestTables } from './table';

let tables: TestTables;
beforeAll(async () => {
  tables = await startTables();
  await tables.put(ITEM);
});
afterAll(() => tables.close());

const ITEM: Row = {
  id: { S: 'a' },
  n: { N: '10' },
  word: { S: 'warming' },
  flag: { BOOL: false },
  bytes: { B: new Uint8Array([1, 2, 3]) },
  tags: { SS: ['x', 'y'] },
  primes: { NS: ['2', '3'] },
  cart: { L: [{ N: '1' }, { M: { deep: { S: 'z' } } }] },
  blank: { NULL: true },
};

/** Whether the item passes a condition: it is put again, as it is. */
async function passes(ConditionExpression: string, values?: Row, names?: Record<string, string>): Promise<boolean> {
  const put = new PutItemCommand({
    TableName: 'board',
    Item: ITEM,
    ConditionExpression,
    ...(values && { ExpressionAttributeValues: values }),
    ...(names && { ExpressionAttributeNames: names }),
  });
  return tables.client.send(put).then(
    () => true,
    (error: Error) => {
      if (error.name === 'ConditionalCheckFailedException') return false;
      throw error;
    },
  );
}

const N = (n: number | string) => ({ N: `${n}` });

test.each<[boolean, string, Row?, Record<string, string>?]>([
  [true, 'n = :v', { ':v': N('1e1') }],
  [true, 'n > :v', { ':v': N(9) }],
  [false, 'n < :v', { ':v': N(9) }],
  [true, 'n >= :v and n <= :v', { ':v': N(10) }],
  [false, 'n > :v', { ':v': { S: '1' } }],
  [true, 'n <> :v', { ':v': { S: '10' } }],
  [true, 'absent <> :v', { ':v': N(1) }],
  [false, 'absent < :v', { ':v': N(1) }],
  [false, 'absent = gone'],
  [true, ':v < n', { ':v': N(9) }],
  [true, 'n BETWEEN :a AND :b', { ':a': N(9), ':b': N(10) }],
  [false, 'n BETWEEN :a AND :b', { ':a': N(10.5), ':b': N(11) }],
  [true, 'n IN (:a, :b)', { ':a': N(9), ':b': N(10) }],
  [false, 'n IN (:a)', { ':a': N(9) }],
  [true, 'attribute_exists(cart[1].deep)'],
  [false, 'attribute_exists(cart[2])'],
  [true, 'attribute_not_exists(cart[1].shallow)'],
  [true, 'attribute_exists(#p[1].#q)', undefined, { '#p': 'cart', '#q': 'deep' }],
  [true, 'attribute_type(blank, :t)', { ':t': { S: 'NULL' } }],
  [false, 'attribute_type(n, :t)', { ':t': { S: 'S' } }],
  [true, 'begins_with(word, :v)', { ':v': { S: 'warm' } }],
  [false, 'begins_with(word, :v)', { ':v': { S: 'arm' } }],
  [true, 'begins_with(bytes, :v)', { ':v': { B: new Uint8Array([1, 2]) } }],
  [true, 'contains(word, :v)', { ':v': { S: 'arm' } }],
  [true, 'contains(tags, :v)', { ':v': { S: 'x' } }],
  [false, 'contains(tags, :v)', { ':v': { S: 'z' } }],
  [true, 'contains(primes, :v)', { ':v': N('3.0') }],
  [true, 'contains(cart, :v)', { ':v': N(1) }],
  [false, 'contains(word, :v)', { ':v': N(1) }],
  [true, 'size(word) = :v', { ':v': N(7) }],
  [true, 'size(cart) = :v AND size(tags) = :v', { ':v': N(2) }],
  [false, 'size(n) = :v', { ':v': N(2) }],
  [true, 'tags = :v', { ':v': { SS: ['y', 'x'] } }],
  [true, 'cart = :v', { ':v': { L: [N('1.0'), { M: { deep: { S: 'z' } } }] } }],
  [true, 'NOT flag = :v', { ':v': { BOOL: true } }],
  [true, 'attribute_exists(n) OR attribute_exists(x) AND attribute_exists(y)'],
  [false, '(attribute_exists(n) OR attribute_exists(x)) AND attribute_exists(y)'],
  [false, 'NOT (attribute_exists(n) OR attribute_exists(x))'],
  [true, 'NOT attribute_exists(x) AND attribute_exists(n)'],
])('%p: %s with %j', async (expected, expression, ...[values, names]) => {
  expect(await passes(expression, values, names)).toBe(expected);
});

test('numbers are compared exactly, whatever JavaScript makes of them', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.bigInt(-(10n ** 36n), 10n ** 36n),
      fc.bigInt(-2n, 2n),
      fc.integer({ min: -20, max: 20 }),
      async (a, more, power) => {
        const [left, right] = [`${a}e${power}`, `${a + more}e${power}`];
        const operator = more === 0n ? '=' : more > 0n ? '<' : '>';
        expect(await passes(`:a ${operator} :b`, { ':a': { N: left }, ':b': { N: right } })).toBe(true);
      },
    ),
    { numRuns: 50 },
  );
});

test.each<[string, string, Row?, Record<string, string>?]>([
  ['n =', 'Syntax error; token: "<EOF>", near: "="'],
  ['attribute_exists(id) x y', 'Syntax error; token: "x", near: ") x y"'],
  ['n = 5', 'Syntax error; token: "5", near: "= 5"'],
  ['(n = :v', 'Syntax error; token: "<EOF>", near: ":v"', { ':v': N(1) }],
  ['', 'The expression can not be empty;'],
  ['((n = :v))', 'The expression has redundant parentheses;', { ':v': N(1) }],
  ['status = :v', 'Attribute name is a reserved keyword; reserved keyword: status', { ':v': N(1) }],
  [
    '#x = :v',
    'An expression attribute name used in the document path is not defined; attribute name: #x',
    { ':v': N(1) },
  ],
  ['n = :w', 'An expression attribute value used in expression is not defined; attribute value: :w'],
  ['exists(n)', 'Invalid function name; function: exists'],
  [
    'attribute_exists(n, id)',
    'Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 2',
  ],
  [
    'attribute_exists(:v)',
    'Operator or function requires a document path; operator or function: attribute_exists',
    { ':v': N(1) },
  ],
  [
    'begins_with(word, :v)',
    'Incorrect operand type for operator or function; operator or function: begins_with, operand type: N',
    { ':v': N(1) },
  ],
  [
    'n = n',
    'The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [n]',
  ],
  [
    'n BETWEEN :a AND :b',
    'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}',
    { ':a': N(2), ':b': N(1) },
  ],
  ['n = contains(word, word)', 'The function is not allowed to be used this way in an expression; function: contains'],
])('%s is no condition', async (expression, reason, ...[values, names]) => {
  expect(await rejectionOf(passes(expression, values, names))).toMatchObject({
    name: 'ValidationException',
    message: `Invalid ConditionExpression: ${reason}`,
  });
});

test.each<[Row?, Record<string, string>?, string?]>([
  [
    { ':v': N(1), ':w': N(2) },
    undefined,
    'Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}',
  ],
  [{ ':v': N(1) }, { '#x': 'n' }, 'Value provided in ExpressionAttributeNames unused in expressions: keys: {#x}'],
  [{ ':v-': N(1) }, undefined, 'ExpressionAttributeValues contains invalid key: Syntax error; key: ":v-"'],
  [{}, undefined, 'ExpressionAttributeValues must not be empty'],
])('placeholders %j and %j are refused', async (values, names, message) => {
  expect(await rejectionOf(passes('n <> :v', values, names))).toMatchObject({ name: 'ValidationException', message });
});
