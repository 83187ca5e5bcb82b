import { Graph, graph, type Join, type JoinBranch } from 'cdk-compound-inference/graph';
import { CallError } from 'cdk-compound-inference/run';
import fc from 'fast-check';
import { z } from 'zod';
import { anyTool, World } from './support/world';

const any = { input: z.any() };

/** What becomes of a branch if it is let run. Of two branches none ends at the same moment. */
interface Branch {
  readonly ms: number;
  readonly end: 'answers' | 'fails' | 'is-skipped' | 'fails-with-default' | 'fails-optionally';
  /** Whether something else needs it too. */
  readonly isNeeded: boolean;
}

interface Case {
  readonly branches: readonly Branch[];
  readonly join: Join;
}

const BRANCHES = 5;
const idOf = (at: number) => `b${at}`;

/** A rule over each of these branches once. */
function ruleOver(ids: readonly string[]): fc.Arbitrary<Join> {
  const split = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: ids.length, maxLength: ids.length });
  return fc.tuple(split, fc.nat(), fc.nat()).map(([bins, atLeast, innerAtLeast]) => {
    const groups = [1, 2].map((bin) => ids.filter((_, i) => bins[i] === bin)).filter((group) => group.length >= 2);
    const grouped = new Set(groups.flat());
    const of: JoinBranch[] = ids.filter((id) => !grouped.has(id));
    for (const [i, group] of groups.entries()) {
      of.push(i === 0 ? group : { atLeast: 1 + (innerAtLeast % group.length), of: group });
    }
    return of.length >= 2 ? { atLeast: 1 + (atLeast % of.length), of } : { atLeast: 1, of: ids };
  });
}

const joinCase: fc.Arbitrary<Case> = fc.integer({ min: 2, max: BRANCHES }).chain((count) =>
  fc
    .record({
      branches: fc
        .tuple(
          fc.shuffledSubarray([10, 20, 30, 40, 50], { minLength: count, maxLength: count }),
          fc.array(
            fc.record({
              end: fc.constantFrom(
                'answers',
                'answers',
                'fails',
                'is-skipped',
                'fails-with-default',
                'fails-optionally',
              ),
              isNeeded: fc.boolean(),
            }),
            { minLength: count, maxLength: count },
          ),
        )
        .map(([times, ends]) => ends.map((end, i): Branch => ({ ms: times[i]!, ...end }))),
      join: ruleOver(Array.from({ length: count }, (_, i) => idOf(i))),
      late: fc.option(fc.record({ afterMs: fc.constantFrom(5, 25, 45), atLeast: fc.nat(3) })),
    })
    .map(({ branches, join, late }) => ({
      branches,
      join: late && late.atLeast < join.atLeast ? { ...join, late } : join,
    })),
);

/** By the definition of a join alone: whether these branches meet it. */
function isMetBy(branch: JoinBranch, there: ReadonlySet<string>): boolean {
  if (typeof branch === 'string') return there.has(branch);
  const of = 'of' in branch ? branch.of : branch;
  const atLeast = 'of' in branch ? branch.atLeast : branch.length;
  return of.filter((each) => isMetBy(each, there)).length >= atLeast;
}

const endMsOf = ({ ms, end }: Branch) => (end === 'is-skipped' ? 0 : ms);
const bringsValue = ({ end }: Branch) => end === 'answers' || end === 'fails-with-default';

/** When a join is decided, how, and which branches have a value then. */
function predict({ branches, join }: Case) {
  const ends = branches.map((branch, i) => ({ id: idOf(i), atMs: endMsOf(branch), there: bringsValue(branch) }));
  const { late, ...rule } = join;
  const isMet = (atMs: number, atLeast: number, ids: ReadonlySet<string>) =>
    isMetBy({ ...rule, atLeast }, ids) && atMs >= 0;
  const moments = [...new Set([...ends.map(({ atMs }) => atMs), ...(late ? [late.afterMs] : [])])].sort(
    (a, b) => a - b,
  );
  for (const atMs of moments) {
    const there = new Set(ends.filter((end) => end.there && end.atMs <= atMs).map(({ id }) => id));
    const open = ends.filter((end) => end.atMs > atMs).map(({ id }) => id);
    const possible = new Set([...there, ...ends.filter((end) => end.there || end.atMs > atMs).map(({ id }) => id)]);
    if (isMet(atMs, rule.atLeast, there)) return { isMet: true, atMs, there };
    // Skipped branches end before the window opens: nothing has started then if all of them were.
    const isLate = late && (open.length === 0 || atMs >= late.afterMs);
    if (isLate && isMet(atMs, late.atLeast, there)) return { isMet: true, atMs, there };
    if (!isMet(atMs, late ? late.atLeast : rule.atLeast, possible)) return { isMet: false, atMs, there };
  }
  throw new Error('a join is decided when its last branch ends');
}

function build({ branches, join }: Case): Graph {
  const nodes = branches.map(({ end }, i) => ({
    kind: 'call' as const,
    id: idOf(i),
    needs: [],
    call: anyTool(idOf(i)),
    input: () => 0,
    ...(end === 'is-skipped' && { when: () => false }),
    ...(end === 'fails-with-default' && { default: 'stand-in' }),
    ...(end === 'fails-optionally' && { optional: true }),
  }));
  const needs = namesOf(join);
  const needed = branches.flatMap(({ isNeeded }, i) => (isNeeded ? [idOf(i)] : []));
  return new Graph({
    name: 'joined',
    ...any,
    nodes: [
      ...nodes,
      { kind: 'compute', id: 'joined', needs, join, run: (values) => values },
      { kind: 'compute', id: 'side', needs: needed, run: () => 'side', optional: true },
    ],
    result: { needs: ['joined', 'side'], run: ({ joined }) => joined },
  });
}

const namesOf = (branch: JoinBranch): string[] =>
  typeof branch === 'string' ? [branch] : ('of' in branch ? branch.of : branch).flatMap(namesOf);

const meet = async (given: Case) => {
  const world = new World(({ component: { name } }) => {
    const { ms, end } = given.branches[Number(name.slice(1))]!;
    return end === 'answers'
      ? { afterMs: ms, output: name }
      : { afterMs: ms, error: new CallError('failed', 'no luck') };
  });
  return { world, outcome: await world.run(build(given)) };
};

test('a join is met, or given up, at the very moment at which that is decided, in any order of ends and failures', async () => {
  await fc.assert(
    fc.asyncProperty(joinCase, async (given) => {
      const { outcome } = await meet(given);
      const { isMet, atMs, there } = predict(given);
      const { joined } = outcome.record.nodes;
      expect({ status: joined!.status, startMs: joined!.startMs }).toEqual({
        status: isMet ? 'succeeded' : 'stopped',
        startMs: atMs,
      });
      if (isMet) {
        const values = given.branches.map(({ end }, i) => {
          if (!there.has(idOf(i))) return undefined;
          return end === 'answers' ? idOf(i) : 'stand-in';
        });
        expect(given.branches.map((_, i) => outcome.output?.[idOf(i)])).toEqual(values);
      } else {
        expect(outcome.error).toMatchObject({ kind: 'failed', at: 'joined' });
        expect(outcome.error!.message).toContain('the join of "joined" on ');
      }
    }),
    { numRuns: 200 },
  );
});

test('the branches that a join is decided without are aborted then, unless something else needs them', async () => {
  await fc.assert(
    fc.asyncProperty(joinCase, async (given) => {
      const { world, outcome } = await meet(given);
      const { atMs } = predict(given);
      for (const [i, branch] of given.branches.entries()) {
        const record = outcome.record.nodes[idOf(i)]!;
        // Of two that are skipped at once the second may find the join given up.
        if (branch.end === 'is-skipped' && atMs === 0) continue;
        // What also needs the branch may have to stop later.
        const stopMs = Math.min(
          ...given.branches.map((each) => (each.isNeeded && each.end === 'fails' ? each.ms : Infinity)),
        );
        const lostMs = branch.isNeeded ? Math.max(atMs, stopMs) : atMs;
        if (endMsOf(branch) <= lostMs) {
          expect(record.status).not.toBe('lost');
          expect(record.lostTo).toBeUndefined();
        } else {
          expect(record).toMatchObject({ status: 'lost', lostTo: 'joined', startMs: 0, endMs: lostMs });
          // Before any time has passed the call has not reached its backend.
          expect(world.triesOf(idOf(i))).toMatchObject(lostMs > 0 ? [{ abortMs: lostMs }] : []);
          for (const { endMs } of record.calls) expect(endMs).toBe(lostMs);
          expect(record.error).toBeUndefined();
        }
      }
      expect(world.inFlight).toEqual([]);
      expect(world.engineTimers).toBe(0);
    }),
    { numRuns: 200 },
  );
});

test('with joins too, the critical path fills the run from its start to its end', async () => {
  await fc.assert(
    fc.asyncProperty(joinCase, async (given) => {
      const { record } = (await meet(given)).outcome;
      const path = record.criticalPath.map((id) => record.nodes[id]!);
      expect(path[0]?.startMs ?? 0).toBe(0);
      for (const [i, { startMs }] of path.entries()) if (i > 0) expect(startMs).toBeLessThanOrEqual(path[i - 1]!.endMs);
      expect(record.overheadMs).toBeCloseTo(0, 6);
      expect(JSON.parse(JSON.stringify(record))).toEqual(record);
    }),
    { numRuns: 200 },
  );
});

const slow = (ms: Readonly<Record<string, number>>) =>
  new World(({ component: { name } }) => ({ afterMs: ms[name]!, output: name }));
const calls = (...names: string[]) =>
  names.reduce(
    (builder: any, name) => builder.node(name, { call: anyTool(name), input: () => 0 }),
    graph('agent', any),
  );

test('what only a lost branch needed is aborted with it, and what has not started never does', async () => {
  const agent = calls('fast', 'first', 'beside')
    .node('second', ['first', 'beside'], { call: anyTool('second'), input: () => 0 })
    .compute('joined', { atLeast: 1, of: ['fast', 'second'] }, (values: unknown) => values)
    .output(['joined', 'beside'], ({ joined }: any) => joined);
  const world = slow({ fast: 10, first: 30, beside: 20, second: 5 });
  const { output, record } = await world.run(agent);
  expect(output).toEqual({ input: {}, fast: 'fast', second: undefined });
  expect(record).toMatchObject({
    wallMs: 20,
    criticalPath: ['beside'],
    nodes: {
      first: { status: 'lost', lostTo: 'joined', startMs: 0, endMs: 10 },
      second: { status: 'lost', lostTo: 'joined', startMs: 10, endMs: 10, calls: [] },
      beside: { status: 'succeeded', endMs: 20 },
    },
  });
});

test('a branch of two joins is aborted when the second is decided, and not before', async () => {
  const agent = calls('a', 'b', 'shared')
    .compute('one', { atLeast: 1, of: ['a', 'shared'] }, () => 1)
    .compute('two', { atLeast: 1, of: ['b', 'shared'] }, () => 2)
    .output(['one', 'two'], () => 'done');
  const world = slow({ a: 10, b: 25, shared: 100 });
  const { record } = await world.run(agent);
  expect(record).toMatchObject({ wallMs: 25, nodes: { shared: { status: 'lost', lostTo: 'two', endMs: 25 } } });
});

test('a function that is a lost branch is told by its signal', async () => {
  let reason: unknown;
  const world = slow({ fast: 10 });
  const agent = calls('fast')
    .compute('patient', [], (_: unknown, { signal }: any) => {
      signal.addEventListener('abort', () => {
        reason = signal.reason;
      });
      return new Promise(() => {});
    })
    .compute('joined', { atLeast: 1, of: ['fast', 'patient'] }, ({ fast }: any) => fast)
    .output(['joined'], ({ joined }: any) => joined);
  expect((await world.run(agent)).output).toBe('fast');
  expect(reason).toEqual(new CallError('failed', 'the join of "joined" was decided without this node'));
});

test('a join that cannot be met any more names itself and the branches that it lacks', async () => {
  const world = new World(({ component: { name } }) =>
    name === 'a'
      ? { afterMs: 5 }
      : { afterMs: 10, error: new CallError('throttled', 'slow down', { retryAfterMs: 700 }) },
  );
  const agent = ['a', 'b', 'c', 'd']
    .reduce(
      (builder: any, name) => builder.node(name, { call: anyTool(name), input: () => 0, retry: { attempts: 1 } }),
      graph('agent', any),
    )
    .compute('joined', { atLeast: 3, of: ['a', 'b', ['c', 'd']] }, () => 0)
    .output(['joined'], () => 0);
  const { error } = await world.run(agent);
  expect(error).toMatchObject({ kind: 'throttled', at: 'joined', cause: { retryAfterMs: 700 } });
  expect(error!.message).toBe('joined: the join of "joined" on 3 of a, b, (c and d) cannot be met any more without b');
});

test('a join that has a default goes on with it when it cannot be met', async () => {
  const world = new World(() => ({ afterMs: 3, error: new CallError('failed', 'no') }));
  const agent = calls('a', 'b')
    .compute('joined', { atLeast: 1, of: ['a', 'b'] }, () => 'met', { default: 'given up' })
    .output(['joined'], ({ joined }: any) => joined);
  const { output, record } = await world.run(agent);
  expect(output).toBe('given up');
  expect(record.nodes.joined).toMatchObject({ status: 'stopped', error: { at: 'joined' } });
});

test('a join of joins, none of which can be met, is as deep as the graph is long', async () => {
  const world = new World(() => ({ error: new CallError('failed', 'no') }));
  let builder = calls('n0', 'm0');
  for (let i = 1; i < 1_000; i++) {
    builder = builder.compute(`m${i}`, [], () => i, { when: () => false });
    builder = builder.compute(`n${i}`, { atLeast: 1, of: [`n${i - 1}`, `m${i}`] }, () => i);
  }
  const { error } = await world.run(builder.output(['n999', 'm0'], () => 0));
  expect(error).toMatchObject({ kind: 'failed' });
});
