import { CallError } from 'cdk-compound-inference/run';
import fc from 'fast-check';
import { plan, streamed, write, writtenMs } from './support';

interface TaskShape {
  /** How many tasks before it each that it needs is; beyond the first there is none. */
  readonly needs: readonly number[];
  readonly ms: number;
}

const shape = fc.array(
  fc.record({
    needs: fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { maxLength: 3 }),
    ms: fc.integer({ min: 1, max: 300 }),
  }),
  { maxLength: 8 },
);
const LIMITS = { tasks: 8, depth: 8, fanOut: 8 };
const idOf = (at: number) => `t${at}`;
const needsOf = (tasks: readonly TaskShape[], at: number) =>
  tasks[at]!.needs.map((back) => at - back).filter((need) => need >= 0);

/** Each task answers with the sum of what it needs, and one. */
const planOf = (tasks: readonly TaskShape[]) => ({
  tasks: tasks.map((_, at) => ({
    id: idOf(at),
    tool: 'calc',
    input: { at, of: needsOf(tasks, at).map((need) => ({ $from: `${idOf(need)}.sum` })) },
  })),
  output: tasks.map((_, at) => ({ $from: `${idOf(at)}.sum` })),
});

test('each task of a plan starts when it is written and what it needs has ended, whatever the parts of the text', async () => {
  await fc.assert(
    fc.asyncProperty(shape, fc.integer({ min: 1, max: 60 }), async (tasks, partCharacters) => {
      const whole = planOf(tasks);
      const { world, outcome } = await plan({
        plans: [whole],
        partCharacters,
        options: { limits: LIMITS },
        reply: (_, { at, of }) => ({
          afterMs: tasks[at]!.ms + 0.01 * (at + 1),
          output: { sum: of.reduce((sum: number, each: number) => sum + each, 1) },
        }),
      });
      const sums: number[] = [];
      const endsMs: number[] = [];
      for (const [at, { ms }] of tasks.entries()) {
        const needs = needsOf(tasks, at);
        sums.push(needs.reduce((sum, need) => sum + sums[need]!, 1));
        const written = writtenMs(write(whole), write(whole.tasks[at]), partCharacters);
        const startMs = Math.max(written, ...needs.map((need) => endsMs[need]!));
        endsMs.push(startMs + ms + 0.01 * (at + 1));
        const record = outcome.record.nodes[`research/${idOf(at)}`]!;
        expect(record.startMs).toBeCloseTo(startMs, 6);
        expect(record.endMs).toBeCloseTo(endsMs[at]!, 6);
      }
      expect(outcome.output.output).toEqual(sums);
      expect(outcome.record.overheadMs).toBeCloseTo(0, 6);
      expect(world.engineTimers).toBe(0);

      const path = outcome.record.criticalPath.slice(1).map((id) => outcome.record.nodes[id]!);
      if (path.length > 0) expect(path.at(-1)!.endMs).toBeCloseTo(outcome.record.wallMs, 6);
      for (const [i, { startMs }] of path.entries()) if (i > 0) expect(startMs).toBeCloseTo(path[i - 1]!.endMs, 6);
    }),
    { numRuns: 200 },
  );
});

test('whatever tries that broke off have begun, the plan comes to what its last try says', async () => {
  const values = fc.array(fc.integer({ min: 1, max: 2 }), { maxLength: 6 });
  const broken = fc.record({ values, needs: fc.boolean(), cut: fc.integer({ min: 0, max: 100 }) });
  /** Tasks of the same ids, each with a value of two, that wait for the one before them or for none. */
  const planOfValues = (own: readonly number[], needs: boolean) => ({
    tasks: own.map((value, at) => {
      const before = needs && at > 0 ? [{ $from: `${idOf(at - 1)}.at` }] : [];
      return { id: idOf(at), tool: 'calc', input: { at, value, before } };
    }),
    output: own.length,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(broken, { maxLength: 3 }),
      broken,
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 200 }),
      async (first, last, partCharacters, toolMs) => {
        const whole = planOfValues(last.values, last.needs);
        const { world, outcome } = await plan({
          plans: [],
          tries: (round) => {
            const tried = first[round - 1];
            if (!tried) return streamed(write(whole), partCharacters);
            const text = write(planOfValues(tried.values, tried.needs));
            return streamed(text, partCharacters, Math.floor((text.length - 1) * (tried.cut / 100)));
          },
          options: { limits: { ...LIMITS, tasks: 6, fanOut: 6 }, repairs: 0, retry: { attempts: 4, baseMs: 1 } } as any,
          reply: (_, input) => ({ afterMs: toolMs, output: input, costUsd: 1 }),
        });
        expect(outcome.error).toBeUndefined();
        const before = (at: number) => (last.needs && at > 0 ? [at - 1] : []);
        expect(Object.values(outcome.output.results)).toEqual(
          last.values.map((value, at) => ({ at, value, before: before(at) })),
        );
        expect(Object.keys(outcome.output.results)).toEqual(last.values.map((_, at) => idOf(at)));
        for (const { inFlight } of world.triesOf('calc')) expect(inFlight).toBeLessThanOrEqual(6);
        const given = Object.entries(outcome.record.nodes).filter(([id]) => id.includes('/'));
        expect(given.flatMap(([, { calls }]) => calls.flatMap(({ attempts }) => attempts || [])).length).toBe(
          world.triesOf('calc').length,
        );
        expect(world.inFlight).toEqual([]);
        expect(world.engineTimers).toBe(0);
        for (const id of outcome.record.criticalPath) expect(outcome.record.nodes).toHaveProperty([id]);
      },
    ),
    { numRuns: 150 },
  );
});

test('whatever fails of tries that broke off, the node fails only by what its last try says or a try had written that went on', async () => {
  const BAD = 3;
  const values = fc.array(fc.integer({ min: 1, max: BAD }), { maxLength: 4 });
  const taskOf = (value: number, at: number) => ({ id: idOf(at), tool: 'calc', input: { at, value } });
  const planOfValues = (own: readonly number[]) => ({ tasks: own.map(taskOf), output: own.length });
  const seen = { failed: 0, spared: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ values, cut: fc.integer({ min: 50, max: 100 }) }), { minLength: 1, maxLength: 3 }),
      values,
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 400 }),
      async (first, last, partCharacters, failsMs) => {
        const broken = first.map(({ values: own, cut }) => {
          const text = write(planOfValues(own));
          const breaksAt = Math.floor((text.length - 1) * (cut / 100));
          const told = text.slice(0, breaksAt);
          const hasBad = own.some((value, at) => value === BAD && told.includes(write(taskOf(value, at))));
          return { text, breaksAt, hasBad };
        });
        const { world, outcome } = await plan({
          plans: [],
          tries: (round) => {
            const tried = broken[round - 1];
            if (!tried) return streamed(write(planOfValues(last)), partCharacters);
            return streamed(tried.text, partCharacters, tried.breaksAt);
          },
          options: { limits: LIMITS, repairs: 0, retry: { attempts: 4, baseMs: 100 } } as any,
          reply: (_, input) => ({
            afterMs: input.value === BAD ? failsMs : 1,
            output: input,
            ...(input.value === BAD && { error: new CallError('failed', 'no luck') }),
          }),
        });
        const failuresMs = world.triesOf('calc').flatMap(({ input, endMs }) => (input.value === BAD ? endMs! : []));
        const tries = world.triesOf('planner');
        /** Whether a try that wrote what fails may have seen a failure before its end. */
        const mayCount = (ms: number) => broken.some(({ hasBad }, i) => hasBad && ms <= (tries[i]?.endMs ?? 0));
        if (last.includes(BAD)) {
          expect(outcome.error).toMatchObject({ kind: 'failed', message: expect.stringContaining('no luck') });
          seen.failed++;
        } else if (!failuresMs.some(mayCount)) {
          expect(outcome.error).toBeUndefined();
          expect(outcome.output.results).toEqual(
            Object.fromEntries(last.map((value, at) => [idOf(at), { at, value }])),
          );
          if (failuresMs.length > 0) seen.spared++;
        }
        expect(world.inFlight).toEqual([]);
        expect(world.engineTimers).toBe(0);
      },
    ),
    { numRuns: 300, seed: 9 },
  );
  expect(Math.min(seen.failed, seen.spared)).toBeGreaterThan(10);
});

test('whatever a planner writes, the run ends with an output or a typed error, and nothing stays under way', async () => {
  const good = write(
    planOf([
      { needs: [], ms: 1 },
      { needs: [1], ms: 1 },
    ]),
  );
  const mutated = fc
    .tuple(
      fc.nat(good.length),
      fc.nat(6),
      fc.oneof(fc.string(), fc.constantFrom('{', '}', '[', ']', '"', ',', '\\', '"__proto__":{},')),
    )
    .map(([at, cut, put]) => good.slice(0, at) + put + good.slice(at + cut));
  const text = fc.oneof(
    fc.string(),
    fc.json(),
    fc.json().map((tasks) => `{"tasks": [${tasks}], "output": 1}`),
    mutated,
  );
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 20 }), async (written, partCharacters) => {
      const { world, outcome } = await plan({ plans: [written], partCharacters, options: { limits: LIMITS } });
      if (outcome.error) expect(outcome.error).toMatchObject({ name: 'RunError', kind: 'failed' });
      else expect(outcome.output).toHaveProperty('results');
      expect(world.inFlight).toEqual([]);
      expect(world.engineTimers).toBe(0);
      expect(({} as any).x).toBeUndefined();
      expect(Object.getPrototypeOf(outcome.output?.results ?? {})).toBe(Object.prototype);
    }),
    { numRuns: 300 },
  );
});
