import { type Waiter, WaitingLine } from '../../../core/run/waiting-line';

const waiter = (priority: number): Waiter => ({ priority, sinceMs: 0, enter: () => {} });

const lineOf = (waiters: readonly Waiter[]) => {
  const line = new WaitingLine();
  for (const each of waiters) line.add(each);
  return line;
};

/** All that wait, in the order in which they are taken out. */
const takeAll = (line: WaitingLine) => {
  const taken: Waiter[] = [];
  for (let first = line.takeFirst(); first; first = line.takeFirst()) taken.push(first);
  return taken;
};

test('the one with the highest priority is taken out first, of two equals the older, and each once', () => {
  const [low, high, equal, highest] = [waiter(1), waiter(3), waiter(3), waiter(4)];
  const line = lineOf([low, high, equal, highest]);
  expect(takeAll(line)).toEqual([highest, high, equal, low]);
  expect(line.takeFirst()).toBeUndefined();
  expect(line.oldest).toBeUndefined();
});

test('the oldest is who came first of those who still wait, whatever their priorities', () => {
  const [first, second, third] = [waiter(1), waiter(3), waiter(2)];
  const line = lineOf([first, second, third]);
  expect(line.oldest).toBe(first);
  line.remove(first);
  expect(line.oldest).toBe(second);
  expect(line.takeFirst()).toBe(second);
  expect(line.oldest).toBe(third);
});

test('who has gone is not taken out, and the others keep their order', () => {
  for (const count of [3, 20, 200]) {
    const waiters = Array.from({ length: count }, (_, i) => waiter(i % 5));
    const line = lineOf(waiters);
    const stay = waiters.filter((_, i) => i % 7 === 0);
    for (const each of waiters) if (!stay.includes(each)) line.remove(each);
    const expected = [...stay.entries()].sort(([i, a], [j, b]) => b.priority - a.priority || i - j);
    expect(takeAll(line)).toEqual(expected.map(([, each]) => each));
  }
});

/** Waiters that count how often anybody asks for the priority of one. */
function asking(count: number) {
  let asked = 0;
  const waiters = Array.from(
    { length: count },
    (): Waiter => ({
      sinceMs: 0,
      enter: () => {},
      get priority() {
        asked++;
        return 1;
      },
    }),
  );
  return { waiters, asked: () => asked };
}

test('of those who have gone no more are kept than twice those who wait, and a few', () => {
  const { waiters, asked } = asking(1_000);
  const line = lineOf(waiters);
  expect(asked()).toBe(1_000);
  // Of 1,000 entries 492 are of somebody who waits when it is 16 more than twice that.
  for (const each of waiters.slice(0, 507)) line.remove(each);
  expect(asked()).toBe(1_000);
  line.remove(waiters[507]!);
  expect(asked()).toBe(1_492);
  for (const each of waiters.slice(508)) line.remove(each);
  expect(asked()).toBeLessThan(2_000);
});

test('with a few entries it is not worth looking for those who have gone', () => {
  const { waiters, asked } = asking(15);
  const line = lineOf(waiters);
  for (const each of waiters) line.remove(each);
  expect(asked()).toBe(15);
});
