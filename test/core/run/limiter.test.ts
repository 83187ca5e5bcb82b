import { Limiter } from '../../../core/run/limiter';
import { promisesToSettle, VirtualClock } from './support/virtual-clock';

const { signal } = new AbortController();
const limiterOf = (limit: number) => new Limiter(limit, new VirtualClock());

/** Takes a place for each name; `entered` fills up in the order in which they get one. */
function enter(limiter: Limiter, entered: string[], name: string, priority = 0, until = signal) {
  const place = limiter.acquire('interactive', priority, until) ?? Promise.resolve();
  place.then(
    () => entered.push(name),
    () => {},
  );
}

test('a free place is taken at once, without a promise', () => {
  const limiter = limiterOf(2);
  expect([limiter.acquire('interactive', 0, signal), limiter.acquire('interactive', 0, signal)]).toEqual([
    undefined,
    undefined,
  ]);
  expect(limiter.acquire('interactive', 0, signal)).toBeInstanceOf(Promise);
});

test('a place that is given back goes to the highest priority that waits, among equals to the oldest', async () => {
  const limiter = limiterOf(1);
  const entered: string[] = [];
  for (const [name, priority] of [
    ['first', 0],
    ['low', 1],
    ['high', 3],
    ['high too', 3],
    ['middle', 2],
  ] as const) {
    enter(limiter, entered, name, priority);
  }
  for (let i = 0; i < 4; i++) limiter.release('interactive');
  await promisesToSettle();
  expect(entered).toEqual(['first', 'high', 'high too', 'middle', 'low']);
});

test('one that gives up while it waits takes no place, and its wait rejects with the reason', async () => {
  const limiter = limiterOf(1);
  const entered: string[] = [];
  const hasty = new AbortController();
  enter(limiter, entered, 'first');
  const place = limiter.acquire('interactive', 9, hasty.signal);
  enter(limiter, entered, 'patient', 1);
  hasty.abort('enough');
  await expect(place).rejects.toBe('enough');
  limiter.release('interactive');
  await promisesToSettle();
  expect(entered).toEqual(['first', 'patient']);
});

test('places that nobody waits for are free again, all of them and no more', () => {
  const limiter = limiterOf(2);
  for (let round = 0; round < 3; round++) {
    expect([limiter.acquire('interactive', 0, signal), limiter.acquire('interactive', 0, signal)]).toEqual([
      undefined,
      undefined,
    ]);
    limiter.release('interactive');
    limiter.release('interactive');
  }
  for (let place = 0; place < 2; place++) expect(limiter.acquire('interactive', 0, signal)).toBeUndefined();
  expect(limiter.acquire('interactive', 0, signal)).toBeInstanceOf(Promise);
});
