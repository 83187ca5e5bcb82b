import { Graph, GraphError, graph, model, tool } from 'cdk-compound-inference/graph';
import fc from 'fast-check';
import { z } from 'zod';
import { show } from '../../../core/graph/show';
import { faultsOf } from './support';

// As JavaScript sees it: most of these faults do not pass the type check.
const start: any = graph('agent', { input: z.any() });
const writer = model('writer');
const call = { call: writer, input: () => 'hi' };
const map = { ...call, over: () => [] };
const graphWith = (options: object): any => graph('agent', { input: z.any(), ...options } as any);

const NO_NAME = 'must be a name (a letter, then up to 63 letters, digits, "_" or "-"), got:';
const SCHEMA = 'must be a schema that implements Standard Schema, such as z.object({...}), got:';
const DURATION = 'must be a positive number of milliseconds, got:';
const cyclic: any = { name: 5 };
cyclic.self = cyclic;

test.each<[string, () => any, string, string]>([
  ['a graph without a name', () => graph('', { input: z.any() }), 'name', `${NO_NAME} ""`],
  ['a graph name with a space', () => graph('my agent', { input: z.any() }), 'name', `${NO_NAME} "my agent"`],
  ['a graph without input schema', () => graphWith({ input: undefined }), 'input', `${SCHEMA} undefined`],
  [
    'an input schema of no library',
    () => graphWith({ input: { type: 'object' } }),
    'input',
    `${SCHEMA} {"type":"object"}`,
  ],
  ['an input that holds itself', () => graphWith({ input: cyclic }), 'input', `${SCHEMA} object`],
  ['an output schema of no library', () => graphWith({ output: 'text' }), 'output', `${SCHEMA} "text"`],
  ['a time limit of nothing', () => graphWith({ timeout: { totalMs: 0 } }), 'timeout.totalMs', `${DURATION} 0`],
  [
    'a time limit without end',
    () => graphWith({ timeout: { nodeMs: Infinity } }),
    'timeout.nodeMs',
    `${DURATION} Infinity`,
  ],
  [
    'a time limit that is no number',
    () => graphWith({ timeout: { idleMs: NaN } }),
    'timeout.idleMs',
    `${DURATION} NaN`,
  ],
  [
    'a time limit in words',
    () => graphWith({ timeout: { firstChunkMs: '1 s' } }),
    'timeout.firstChunkMs',
    `${DURATION} "1 s"`,
  ],
  [
    'an unknown time limit',
    () => graphWith({ timeout: { total: 1 } }),
    'timeout.total',
    'is no option here (options: totalMs, nodeMs, firstChunkMs, idleMs)',
  ],
  [
    'a bare number as time limit',
    () => graphWith({ timeout: 5_000 }),
    'timeout',
    'must be an object with any of totalMs, nodeMs, firstChunkMs, idleMs, got: 5000',
  ],
  [
    'no attempts',
    () => graphWith({ retry: { attempts: 0 } }),
    'retry.attempts',
    'must be a whole number from 1, got: 0',
  ],
  [
    'half an attempt',
    () => graphWith({ retry: { attempts: 1.5 } }),
    'retry.attempts',
    'must be a whole number from 1, got: 1.5',
  ],
  ['a retry delay below zero', () => graphWith({ retry: { baseMs: -1 } }), 'retry.baseMs', `${DURATION} -1`],
  [
    'an unknown retry option',
    () => graphWith({ retry: { max: 3 } }),
    'retry.max',
    'is no option here (options: attempts, baseMs, capMs)',
  ],
  [
    'no retry policy but null',
    () => graphWith({ retry: null }),
    'retry',
    'must be an object with any of attempts, baseMs, capMs, got: null',
  ],
  ['a node name with a dot', () => start.node('a.b', call), 'a.b', `${NO_NAME} "a.b"`],
  ['a node name too long', () => start.node('x'.repeat(65), call), 'x'.repeat(65), `${NO_NAME} "${'x'.repeat(65)}"`],
  [
    'two nodes of one name',
    () => start.node('a', call).node('a', call),
    'a',
    'is defined twice: give each node an id of its own',
  ],
  ['a need that does not exist', () => start.node('a', ['b'], call), 'a.needs[0]', 'no node is named "b"'],
  [
    'a need that comes later',
    () => start.node('a', ['b'], call).node('b', call),
    'a.needs[0]',
    '"b" is not defined before this node: move it up',
  ],
  [
    'a node that needs itself',
    () => start.node('a', ['a'], call),
    'a.needs[0]',
    '"a" is not defined before this node: move it up',
  ],
  ['a need listed twice', () => start.node('b', call).node('a', ['b', 'b'], call), 'a.needs[1]', '"b" is listed twice'],
  [
    'a need for the input',
    () => start.node('a', ['input'], call),
    'a.needs[0]',
    'the input of the run is always there: leave it out',
  ],
  ['needs that are no list', () => start.node('a', 'b', call), 'a.needs', 'must be a list of node ids, got: "b"'],
  [
    'an unknown option',
    () => start.node('a', { ...call, retries: 3 }),
    'a.retries',
    'is no option here (options: call, input, stream, retry, when, optional, default, timeout)',
  ],
  [
    'a retry policy of a function',
    () => start.compute('a', [], () => 0, { retry: {} }),
    'a.retry',
    'is no option here (options: run, stream, when, optional, default, timeout)',
  ],
  [
    'a predicate that is no function',
    () => start.node('a', { ...call, when: true }),
    'a.when',
    'must be a function, got: true',
  ],
  [
    'a time limit of a node below zero',
    () => start.node('a', { ...call, timeout: { nodeMs: -1 } }),
    'a.timeout.nodeMs',
    `${DURATION} -1`,
  ],
  [
    'a total time limit of a node',
    () => start.node('a', { ...call, timeout: { totalMs: 1 } }),
    'a.timeout.totalMs',
    'is no option here (options: nodeMs, firstChunkMs, idleMs)',
  ],
  [
    'no attempts of a node',
    () => start.node('a', { ...call, retry: { attempts: 0 } }),
    'a.retry.attempts',
    'must be a whole number from 1, got: 0',
  ],
  ['a call without input', () => start.node('a', { call: writer }), 'a.input', 'must be a function, got: undefined'],
  [
    'a call of nothing',
    () => start.node('a', { input: () => 0 }),
    'a.call',
    'must be a component made by model(), retriever() or tool(), got: undefined',
  ],
  [
    'a call of a client that holds itself',
    () => start.node('a', { ...call, call: cyclic }),
    'a.call',
    'must be a component made by model(), retriever() or tool(), got: object',
  ],
  ['a node without a body', () => start.compute('a', []), 'a.run', 'must be a function, got: undefined'],
  ['a map over nothing', () => start.map('a', call), 'a.over', 'must be a function, got: undefined'],
  [
    'a map of no concurrency',
    () => start.map('a', { ...map, concurrency: 0 }),
    'a.concurrency',
    'must be a whole number from 1, got: 0',
  ],
  [
    'a concurrency of a call',
    () => start.node('a', { ...call, concurrency: 2 }),
    'a.concurrency',
    'is no option here (options: call, input, stream, retry, when, optional, default, timeout)',
  ],
  [
    'a component of no name',
    () => start.node('a', { ...call, call: model('my writer') }),
    'a.call.name',
    `${NO_NAME} "my writer"`,
  ],
  [
    'two components of one name',
    () => start.node('a', call).node('b', { ...call, call: model('writer') }),
    'b.call',
    'another component is named "writer": share one object or rename it',
  ],
  [
    'a component of no concurrency',
    () => start.node('a', { ...call, call: model('m', { concurrency: -1 }) }),
    'a.call.concurrency',
    'must be a whole number from 1, got: -1',
  ],
  [
    'a component with an input of no library',
    () => start.node('a', { ...call, call: tool('t', { input: 1, output: z.any() } as any) }),
    'a.call.input',
    `${SCHEMA} 1`,
  ],
  [
    'a component with an output of no library',
    () => start.node('a', { ...call, call: model('m', { output: {} } as any) }),
    'a.call.output',
    `${SCHEMA} {}`,
  ],
])('%s is a fault', (_, define, path, message) => {
  expect(faultsOf(() => define().output(() => 0))).toEqual([{ path, message }]);
});

test.each<[string, () => any, string, string]>([
  ['an output that is no function', () => start.output(5), 'output', 'must be a function, got: 5'],
  [
    'an output that needs what does not exist',
    () => start.output(['a'], () => 0),
    'output.needs[0]',
    'no node is named "a"',
  ],
  [
    'an output whose needs are no list',
    () => start.output(5, () => 0),
    'output.needs',
    'must be a list of node ids, got: 5',
  ],
  [
    'a node that nothing needs',
    () => start.node('a', call).output([], () => 0),
    'a',
    'is needed by nothing: let the output need it, or remove it',
  ],
])('%s is a fault', (_, define, path, message) => {
  expect(faultsOf(define)).toEqual([{ path, message }]);
});

test.each(['input', 'output'])('a node cannot be named as the %s of the run', (id) => {
  const fault = { path: id, message: `is taken by the ${id} of the run: choose another id` };
  expect(faultsOf(() => start.node(id, call).output(() => 0))).toContainEqual(fault);
});

test('one error lists every fault with its path, in the order of the definition', () => {
  const define = () =>
    graphWith({ timeout: { totalMs: -1 }, retry: { attempts: 0 } })
      .node('plan', ['nope'], { call: writer, retries: 3 })
      .map('plan', ['answer'], { ...map, concurrency: 0 })
      .compute('answer', ['plan', 'plan'], 'no function')
      .node('lonely', call)
      .output(['answer'], undefined);
  expect(define).toThrow(
    new GraphError('agent', [
      { path: 'timeout.totalMs', message: 'must be a positive number of milliseconds, got: -1' },
      { path: 'retry.attempts', message: 'must be a whole number from 1, got: 0' },
      { path: 'plan.needs[0]', message: 'no node is named "nope"' },
      {
        path: 'plan.retries',
        message: 'is no option here (options: call, input, stream, retry, when, optional, default, timeout)',
      },
      { path: 'plan.input', message: 'must be a function, got: undefined' },
      { path: 'plan', message: 'is defined twice: give each node an id of its own' },
      { path: 'plan.needs[0]', message: '"answer" is not defined before this node: move it up' },
      { path: 'plan.concurrency', message: 'must be a whole number from 1, got: 0' },
      { path: 'answer.needs[1]', message: '"plan" is listed twice' },
      { path: 'answer.run', message: 'must be a function, got: "no function"' },
      { path: 'output', message: 'must be a function, got: undefined' },
      { path: 'lonely', message: 'is needed by nothing: let the output need it, or remove it' },
    ]),
  );
});

test('the message of the error is readable as it is', () => {
  const error = new GraphError('agent', [
    { path: 'name', message: 'is no name' },
    { path: 'plan.retry.attempts', message: 'must be a whole number from 1, got: 0' },
  ]);
  expect(error.message).toBe(
    'graph "agent" has 2 fault(s):\n  name: is no name\n  plan.retry.attempts: must be a whole number from 1, got: 0',
  );
});

test('the same checks run on a definition that is data, as a planner makes it', () => {
  const nodes = [
    { kind: 'compute', id: 'a', needs: ['b'], run: () => 0 },
    { kind: 'compute', id: 'b', needs: ['a'], run: () => 0 },
  ] as const;
  expect(
    faultsOf(() => new Graph({ name: 'cycle', input: z.any(), nodes, result: { needs: ['b'], run: () => 0 } })),
  ).toEqual([{ path: 'a.needs[0]', message: '"b" is not defined before this node: move it up' }]);
});

test('whatever stands where a part of a definition should, the error is a list of faults', () => {
  const anything = fc.anything({ withBigInt: true, withNullPrototype: true, withSparseArray: true });
  fc.assert(
    fc.property(anything, (thing) => {
      const faults = faultsOf(() =>
        graphWith({ input: thing, output: z.any(), timeout: { totalMs: thing } })
          .node(thing, thing, { call: thing, input: thing, when: thing ?? null })
          .output(0),
      );
      expect(faults.map(({ path }) => path)).toContain('output');
    }),
  );
});

test('any value can be shown in an error message, in at most 80 characters', () => {
  const anything = fc.anything({ withBigInt: true, withNullPrototype: true, withSparseArray: true, withDate: true });
  fc.assert(fc.property(anything, (thing) => show(thing).length <= 80));
  expect([cyclic, Symbol('x'), Number.NaN, null, { toJSON: () => undefined }, { big: 1n }].map(show)).toEqual([
    'object',
    'symbol',
    'NaN',
    'null',
    'object',
    'object',
  ]);
});

test.each<[string, () => any, string, string]>([
  [
    'a component of no known kind',
    () => start.node('a', { ...call, call: { ...writer, kind: 'banana' } }),
    'a.call.kind',
    'must be one of model, retriever, tool, got: "banana"',
  ],
  [
    'a component of no known format',
    () => start.node('a', { ...call, call: model('m', { format: 'opneai' } as any) }),
    'a.call.format',
    'must be one of openai-chat, converse, json, or an object with encode and decode, got: "opneai"',
  ],
  [
    'an optional that is no switch',
    () => start.node('a', { ...call, optional: 'no' }),
    'a.optional',
    'must be true or false, got: "no"',
  ],
  [
    'a default that no run can get a copy of',
    () => start.node('a', { ...call, default: () => 0 }),
    'a.default',
    'must be plain data, as JSON can hold it, got: function',
  ],
  [
    'a description that is no text',
    () => graphWith({ description: 5 }).node('a', call),
    'description',
    'must be a text, got: 5',
  ],
])('%s is a fault too', (_, define, path, message) => {
  expect(faultsOf(() => define().output(() => 0))).toEqual([{ path, message }]);
});
