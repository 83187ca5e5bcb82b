import { graph, tool } from 'cdk-compound-inference/graph';
import type { WorkClass } from 'cdk-compound-inference/run';
import fc from 'fast-check';
import { z } from 'zod';
import { Limiter, MAX_YIELD_MS } from '../../../core/run/limiter';
import { callPolicies } from '../../../core/run/policies';
import { VirtualClock } from './support/virtual-clock';
import { anyTool, World } from './support/world';

/** A call that wants a place. */
interface Wish {
  readonly work: WorkClass;
  readonly comesMs: number;
  readonly priority: number;
  /** How long it keeps the place. */
  readonly holdsMs: number;
  /** How long it waits for one. */
  readonly patienceMs: number;
}

interface Fate extends Wish {
  enteredMs?: number;
  leftMs?: number;
  gaveUpMs?: number;
}

const LONGEST_MS = 4_000;

const wishes = (work: fc.Arbitrary<WorkClass>) =>
  fc.array(
    fc.record({
      work,
      comesMs: fc.nat(20_000),
      priority: fc.nat(5),
      holdsMs: fc.integer({ min: 1, max: LONGEST_MS }),
      patienceMs: fc.oneof({ weight: 4, arbitrary: fc.constant(Infinity) }, { weight: 1, arbitrary: fc.nat(9_000) }),
    }),
    { maxLength: 60, size: 'max' },
  );

const bothClasses = wishes(fc.constantFrom('interactive', 'batch'));
const limits = fc.integer({ min: 1, max: 4 });

/** Lets calls come and go; `fates` tells when, `entered` in which order. `watch` is told of each that gets a place. */
async function play(
  all: readonly Wish[],
  limit: number,
  watch: (fate: Fate, fates: readonly Fate[]) => void = () => {},
) {
  const clock = new VirtualClock();
  const limiter = new Limiter(limit, clock);
  const fates: Fate[] = all.map((wish) => ({ ...wish }));
  const entered: number[] = [];
  for (const [at, fate] of fates.entries()) {
    clock.setTimer(() => {
      const impatient = new AbortController();
      const enter = () => {
        fate.enteredMs = clock.now();
        entered.push(at);
        watch(fate, fates);
        clock.setTimer(() => {
          fate.leftMs = clock.now();
          limiter.release(fate.work);
        }, fate.holdsMs);
      };
      const place = limiter.acquire(fate.work, fate.priority, impatient.signal);
      if (!place) return enter();
      if (fate.patienceMs < Infinity) {
        clock.setTimer(() => {
          if (fate.enteredMs === undefined) fate.gaveUpMs = clock.now();
          impatient.abort();
        }, fate.patienceMs);
      }
      place.then(enter, () => {});
    }, fate.comesMs);
  }
  await clock.runAll();
  return { fates, entered };
}

const isIn = ({ enteredMs, leftMs }: Fate) => enteredMs !== undefined && leftMs === undefined;

const isWaiting = ({ enteredMs, gaveUpMs, comesMs }: Fate, nowMs: number) =>
  comesMs < nowMs && enteredMs === undefined && gaveUpMs === undefined;

test('there are never more calls than the limit, and of more places than one batch calls leave one free', async () => {
  await fc.assert(
    fc.asyncProperty(bothClasses, limits, async (all, limit) => {
      await play(all, limit, (_, fates) => {
        const inside = fates.filter(isIn);
        expect(inside.length).toBeLessThanOrEqual(limit);
        expect(inside.filter(({ work }) => work === 'batch').length).toBeLessThanOrEqual(Math.max(1, limit - 1));
      });
    }),
    { numRuns: 60 },
  );
});

test('a batch call goes before a waiting interactive one only if it came first and has yielded for long enough', async () => {
  await fc.assert(
    fc.asyncProperty(bothClasses, limits, async (all, limit) => {
      await play(all, limit, ({ work, comesMs, enteredMs }, fates) => {
        const passed = fates.filter((other) => other.work === 'interactive' && isWaiting(other, enteredMs!));
        if (work === 'interactive' || passed.length === 0) return;
        expect(comesMs).toBeLessThan(Math.min(...passed.map((other) => other.comesMs)));
        expect(enteredMs! - comesMs).toBeGreaterThanOrEqual(MAX_YIELD_MS);
      });
    }),
    { numRuns: 60 },
  );
});

test('as long as calls end, every patient call gets its place, a batch one within a bound however many interactive ones come after it', async () => {
  await fc.assert(
    fc.asyncProperty(bothClasses, limits, async (all, limit) => {
      const { fates } = await play(all, limit);
      const batch = fates.filter(({ work }) => work === 'batch');
      for (const { work, comesMs, enteredMs, gaveUpMs } of fates) {
        if (gaveUpMs !== undefined) continue;
        expect(enteredMs).toBeDefined();
        const before = fates.filter((other) => other.work === 'interactive' && other.comesMs <= comesMs);
        const mostMs = MAX_YIELD_MS + LONGEST_MS * (1 + before.length + batch.length);
        if (work === 'batch') expect(enteredMs! - comesMs).toBeLessThanOrEqual(mostMs);
      }
    }),
    { numRuns: 60 },
  );
});

test('a stream of interactive calls that never ends does not starve a batch call', async () => {
  const stream = Array.from(
    { length: 300 },
    (_, at): Wish => ({
      work: 'interactive',
      comesMs: at * 90,
      priority: 9,
      holdsMs: 100,
      patienceMs: Infinity,
    }),
  );
  const batch: Wish = { work: 'batch', comesMs: 150, priority: 0, holdsMs: 100, patienceMs: Infinity };
  const { fates } = await play([...stream, batch], 1);
  const { enteredMs } = fates.at(-1)!;
  expect(enteredMs).toBeGreaterThanOrEqual(150 + MAX_YIELD_MS);
  expect(enteredMs).toBeLessThanOrEqual(150 + MAX_YIELD_MS + 200);
});

test.each(['interactive', 'batch'] as const)(
  '%s calls among themselves go by priority, then by age, unless one has waited for long',
  async (work) => {
    await fc.assert(
      fc.asyncProperty(wishes(fc.constant(work)), async (all) => {
        const patient = all.map((wish) => ({ ...wish, patienceMs: Infinity }));
        await play(patient, 1, ({ priority, comesMs, enteredMs }, fates) => {
          const hasAged = (sinceMs: number) => enteredMs! - sinceMs >= MAX_YIELD_MS;
          for (const other of fates.filter((each) => isWaiting(each, enteredMs!))) {
            if (hasAged(comesMs)) {
              expect(comesMs).toBeLessThanOrEqual(other.comesMs);
              continue;
            }
            expect(hasAged(other.comesMs)).toBe(false);
            expect(priority).toBeGreaterThanOrEqual(other.priority);
            if (priority === other.priority) expect(comesMs).toBeLessThanOrEqual(other.comesMs);
          }
        });
      }),
      { numRuns: 40 },
    );
  },
);

const any = { input: z.any() };

test('calls of an interactive run go before those of a batch run that wait for the same component', async () => {
  const world = new World(() => ({ afterMs: 10 }));
  const agent = graph('agent', any)
    .map('all', { over: ({ input }) => input as string[], call: anyTool('shared', 2), input: (item) => item })
    .output(() => 0);
  const runs = [
    world.start(agent, ['batch 1', 'batch 2', 'batch 3'], { work: 'batch' }),
    world.start(agent, ['chat 1', 'chat 2', 'chat 3']),
  ];
  await world.clock.until(Promise.all(runs));
  expect(world.tries.map(({ input, startMs }) => [input, startMs])).toEqual([
    ['batch 1', 0],
    ['chat 1', 0],
    ['chat 2', 10],
    ['chat 3', 10],
    ['batch 2', 20],
    ['batch 3', 30],
  ]);
});

test('an interactive call does not ride with an equal one of a batch run, which waits longer', async () => {
  const world = new World(() => ({ afterMs: 10 }), 0.5, callPolicies());
  const shared = tool('shared', { input: z.any(), output: z.any(), concurrency: 1, singleFlight: true });
  const agent = graph('agent', any)
    .node('call', { call: shared, input: ({ input }) => input })
    .output(() => 0);
  const runs = [
    world.start(agent, 'first'),
    world.start(agent, 'same', { work: 'batch' }),
    world.start(agent, 'other'),
    world.start(agent, 'same'),
  ];
  const outcomes = await world.clock.until(Promise.all(runs));
  expect(outcomes.map(({ record }) => record.wallMs)).toEqual([10, 40, 20, 30]);
});
