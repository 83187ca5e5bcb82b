import { DynamoBoard } from '../../../lambda/warm-board/dynamo-board';
import { useLocalAws } from '../../../local/aws-environment';
import { BEGIN_MS, type Stack, startStack } from '../../local/aws/stack';
import { TABLE } from '../warmer/warm-stack';

let stack: Stack;
let board: DynamoBoard;
let restoreEnvironment: () => void;

beforeAll(async () => {
  stack = await startStack([], { tables: [TABLE] });
  restoreEnvironment = useLocalAws(stack.url);
  board = new DynamoBoard({ table: TABLE.name, timeoutMs: 1_000, maxAttempts: 1, isConsistent: true });
});

afterAll(async () => {
  restoreEnvironment();
  await stack.close();
});

test('a document is read as it was written, and what is not there is not', async () => {
  const revision = await board.write('component#a', { copies: 1 }, undefined, { expiresAtMs: BEGIN_MS });
  expect(await board.read(['component#a', 'component#b'])).toEqual(
    new Map([['component#a', { revision, value: { copies: 1 } }]]),
  );
});

test('a document is replaced and removed only by who has seen its last revision', async () => {
  const first = (await board.write('policy', 1, undefined))!;
  expect(await board.write('policy', 2, undefined)).toBeUndefined();
  const second = (await board.write('policy', 3, first))!;
  expect(await board.write('policy', 4, first)).toBeUndefined();
  expect(await board.remove('policy', first)).toBe(false);
  expect((await board.read(['policy'])).get('policy')).toEqual({ revision: second, value: 3 });
  expect(await board.remove('policy', second)).toBe(true);
  expect(await board.write('policy', 5, second)).toBeUndefined();
});

test('of many who want a lease at once one gets it, and another when its time is over', async () => {
  const owners = Array.from({ length: 100 }, (_, at) => `owner-${at}`);
  const take = (nowMs: number) =>
    Promise.all(owners.map((owner) => board.lease('lease#entry#a', owner, nowMs, nowMs + 10_000)));
  const isOne = (taken: boolean[]) => taken.filter(Boolean).length === 1;
  expect(isOne(await take(BEGIN_MS))).toBe(true);
  expect(await take(BEGIN_MS + 9_999)).not.toContain(true);
  expect(isOne(await take(BEGIN_MS + 10_000))).toBe(true);
});

test('a lease is given back by its owner only', async () => {
  await board.lease('lease#entry#b', 'ada', BEGIN_MS, BEGIN_MS + 10_000);
  await board.free('lease#entry#b', 'bob');
  expect(await board.lease('lease#entry#b', 'bob', BEGIN_MS, BEGIN_MS + 10_000)).toBe(false);
  await board.free('lease#entry#b', 'ada');
  expect(await board.lease('lease#entry#b', 'bob', BEGIN_MS, BEGIN_MS + 10_000)).toBe(true);
});

test('more documents are read than one operation takes', async () => {
  const ids = Array.from({ length: 130 }, (_, at) => `knowledge#component#${at}`);
  await Promise.all(ids.map((id) => board.write(id, id, undefined)));
  const entries = await board.read(ids);
  expect(ids.map((id) => entries.get(id)?.value)).toEqual(ids);
});

test('a table that cannot be read is an error, and no empty board', async () => {
  const lost = new DynamoBoard({ table: 'lost', timeoutMs: 1_000, maxAttempts: 1, isConsistent: true });
  await expect(lost.read(['policy'])).rejects.toThrow('Requested resource not found');
});
