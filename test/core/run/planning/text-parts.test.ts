import { TextParts } from '../../../../core/run/planning/text-parts';
import { promisesToSettle } from '../support/virtual-clock';

/** What has been read so far: the parts of each text in a list of their own. */
function read(parts: TextParts): { readonly texts: string[][]; readonly hasEnded: () => boolean } {
  const texts: string[][] = [[]];
  let hasEnded = false;
  const all = async () => {
    for await (const { text, startsAnew } of parts) {
      if (startsAnew) texts.push([]);
      texts.at(-1)!.push(text);
    }
    hasEnded = true;
  };
  void all();
  return { texts, hasEnded: () => hasEnded };
}

const first = {};
const second = {};

test('parts can be read as soon as they come, also several at once, and end with the answer', async () => {
  const parts = new TextParts();
  const { texts, hasEnded } = read(parts);
  parts.take('a', first);
  await promisesToSettle();
  expect(texts).toEqual([['a']]);
  parts.take('b', first);
  parts.take('c', first);
  await promisesToSettle();
  expect(texts).toEqual([['a', 'b', 'c']]);
  expect(hasEnded()).toBe(false);
  parts.end('abc');
  await promisesToSettle();
  expect(texts).toEqual([['a', 'b', 'c']]);
  expect(hasEnded()).toBe(true);
});

test('an answer that has not been told comes whole, and what was not told of one comes at its end', async () => {
  const whole = new TextParts();
  const toldInPart = new TextParts();
  const reads = [read(whole), read(toldInPart)];
  toldInPart.take('a', first);
  await promisesToSettle();
  whole.end('abc');
  toldInPart.end('abc');
  await promisesToSettle();
  expect(reads.map(({ texts }) => texts)).toEqual([[['abc']], [['a', 'bc']]]);
  expect(reads.map(({ hasEnded }) => hasEnded())).toEqual([true, true]);
});

test('who begins to read late reads all of it', async () => {
  const parts = new TextParts();
  parts.take('a', first);
  parts.take('b', first);
  parts.end('abc');
  const { texts, hasEnded } = read(parts);
  await promisesToSettle();
  expect(texts).toEqual([['a', 'b', 'c']]);
  expect(hasEnded()).toBe(true);
});

test('without an answer what was told can still be read to its end', async () => {
  const parts = new TextParts();
  const { texts, hasEnded } = read(parts);
  parts.take('a', first);
  parts.end();
  await promisesToSettle();
  expect(texts).toEqual([['a']]);
  expect(hasEnded()).toBe(true);
});

test('a try that tells anything begins the text anew, and what is unread of the one before is dropped', async () => {
  const parts = new TextParts();
  const { texts, hasEnded } = read(parts);
  parts.take('a', first);
  await promisesToSettle();
  parts.take('b', first);
  parts.take('a', second);
  parts.take('c', second);
  await promisesToSettle();
  expect(texts).toEqual([['a'], ['a', 'c']]);
  parts.end('acd');
  await promisesToSettle();
  expect(texts).toEqual([['a'], ['a', 'c', 'd']]);
  expect(hasEnded()).toBe(true);
});

test('a try that another has followed is not listened to any more', async () => {
  const parts = new TextParts();
  const { texts } = read(parts);
  parts.take('a', first);
  await promisesToSettle();
  parts.take('b', second);
  await promisesToSettle();
  parts.take('c', first);
  parts.take('d', second);
  parts.end('bd');
  await promisesToSettle();
  expect(texts).toEqual([['a'], ['b', 'd']]);
});

test('an answer other than what was told takes its place', async () => {
  const parts = new TextParts();
  const { texts } = read(parts);
  parts.take('a', first);
  await promisesToSettle();
  parts.take('b', first);
  parts.end('other');
  await promisesToSettle();
  expect(texts).toEqual([['a'], ['other']]);
});

test('what is told after the end is not listened to', async () => {
  const parts = new TextParts();
  const { texts } = read(parts);
  parts.take('a', first);
  parts.end('a');
  parts.take('b', first);
  parts.take('c', second);
  await promisesToSettle();
  expect(texts).toEqual([['a']]);
});

test('however many parts wait to be read, each is read once', async () => {
  const parts = new TextParts();
  const count = 100_000;
  for (let i = 0; i < count; i++) parts.take('a', first);
  parts.end();
  const startedMs = performance.now();
  let read = 0;
  for await (const { text } of parts) read += text.length;
  // Quadratic reading would take half a minute.
  expect(performance.now() - startedMs).toBeLessThan(2_000);
  expect(read).toBe(count);
});

test('of parts that wait to be read none is told any more once another try has begun', async () => {
  const parts = new TextParts();
  for (const text of ['a', 'b', 'c']) parts.take(text, first);
  const told: string[] = [];
  for await (const { text, startsAnew } of parts) {
    if (text === 'a') {
      parts.take('x', second);
      parts.end('x');
    }
    told.push(startsAnew ? `new ${text}` : text);
  }
  expect(told).toEqual(['a', 'new x']);
});
