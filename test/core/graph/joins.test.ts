import Ajv2020 from 'ajv/dist/2020';
import { Graph, graph, model } from 'cdk-compound-inference/graph';
import fc from 'fast-check';
import { z } from 'zod';
import published from '../../../schemas/graph.schema.json';
import { faultsOf } from './support';

const start: any = ['a', 'b', 'c'].reduce(
  (builder: any, id) => builder.compute(id, [], () => id),
  graph('agent', { input: z.any() }),
);
const joinedOn = (join: unknown) =>
  start.node('answer', join, { call: model('writer'), input: () => 'hi' }).output(['answer', 'a', 'b', 'c'], () => 0);

test.each<[string, unknown, string, string]>([
  [
    'more branches than there are',
    { atLeast: 3, of: ['a', 'b'] },
    'atLeast',
    'must be a whole number from 1 to 2, got: 3',
  ],
  ['none of the branches', { atLeast: 0, of: ['a', 'b'] }, 'atLeast', 'must be a whole number from 1 to 2, got: 0'],
  ['half a branch', { atLeast: 1.5, of: ['a', 'b'] }, 'atLeast', 'must be a whole number from 1 to 2, got: 1.5'],
  ['a single branch', { atLeast: 1, of: ['a'] }, 'of', 'must be a list of two or more branches, got: ["a"]'],
  ['no list', { atLeast: 1, of: 'a' }, 'of', 'must be a list of two or more branches, got: "a"'],
  ['a group of one', { atLeast: 1, of: ['a', ['b']] }, 'of[1]', 'must be a list of two or more branches, got: ["b"]'],
  [
    'more of a group than there are',
    { atLeast: 1, of: ['a', { atLeast: 3, of: ['b', 'c'] }] },
    'of[1].atLeast',
    'must be a whole number from 1 to 2, got: 3',
  ],
  [
    'a late group',
    { atLeast: 1, of: ['a', { atLeast: 1, of: ['b', 'c'], late: { afterMs: 1, atLeast: 0 } }] },
    'of[1].late',
    'is no option here (options: atLeast, of)',
  ],
  [
    'an unknown option',
    { atLeast: 1, of: ['a', 'b'], quorum: 2 },
    'quorum',
    'is no option here (options: atLeast, of, late)',
  ],
  ['a branch that does not exist', { atLeast: 1, of: ['a', 'x'] }, '[1]', 'no node is named "x"'],
  ['a branch twice', { atLeast: 1, of: ['a', ['b', 'a']] }, '[2]', '"a" is listed twice'],
  [
    'what is late without a time',
    { atLeast: 2, of: ['a', 'b'], late: { atLeast: 1 } },
    'late.afterMs',
    'must be a positive number of milliseconds, got: undefined',
  ],
  [
    'as much when it is late as before',
    { atLeast: 2, of: ['a', 'b'], late: { afterMs: 10, atLeast: 2 } },
    'late.atLeast',
    'must be a whole number from 0 to 1, got: 2',
  ],
])('a join on %s is a fault', (_, join, path, message) => {
  const at = path.startsWith('[') ? `answer.needs${path}` : `answer.needs.${path}`;
  expect(faultsOf(() => joinedOn(join))).toEqual([{ path: at, message }]);
});

test('a graph with a join has to list what its output needs', () => {
  const define = () => start.compute('one', { atLeast: 1, of: ['a', 'b'] }, () => 0).output(() => 0);
  expect(faultsOf(define)).toEqual([
    { path: 'output.needs', message: 'must be listed: the output would wait for every branch of a join' },
  ]);
});

test('a definition that is data must join what it needs', () => {
  const { definition } = joinedOn({ atLeast: 1, of: ['a', 'b'] });
  const nodes = definition.nodes.map((node: any) => (node.id === 'answer' ? { ...node, needs: ['a', 'c'] } : node));
  expect(faultsOf(() => new Graph({ ...definition, nodes }))).toEqual([
    { path: 'answer.join', message: 'must name what the node needs, in the same order' },
  ]);
});

test('whatever stands where a join should, and however deep or round it is, the error is a list of faults', () => {
  const round: any = { atLeast: 1 };
  round.of = [round, round];
  const deep = Array.from({ length: 10_000 }).reduce<unknown>((inner) => ['a', inner], 'b');
  for (const join of [round, { atLeast: 1, of: ['c', deep] }]) expect(faultsOf(() => joinedOn(join))).not.toEqual([]);
  const anything = fc.anything({ withBigInt: true, withNullPrototype: true, withSparseArray: true });
  fc.assert(
    fc.property(anything, anything, (atLeast, of) => {
      faultsOf(() => joinedOn({ atLeast, of }));
    }),
  );
});

const NESTED = { atLeast: 1, of: ['a', ['b', 'c']], late: { afterMs: 800, atLeast: 0 } };

test('a join is a part of the description, in the form of the published schema', () => {
  const description = joinedOn(NESTED).describe();
  expect(description.nodes.at(-1)).toEqual({
    id: 'answer',
    kind: 'call',
    needs: ['a', 'b', 'c'],
    join: NESTED,
    component: 'writer',
  });
  const options = { strict: true, strictRequired: false, allowUnionTypes: true, validateFormats: false };
  const isDescription = new Ajv2020(options).compile(published);
  isDescription(description);
  expect(isDescription.errors).toBeNull();
  for (const join of [
    { ...NESTED, of: ['a'] },
    { ...NESTED, atLeast: 0 },
    { ...NESTED, any: true },
  ]) {
    const nodes = description.nodes.map((node: any) => (node.join ? { ...node, join } : node));
    expect(isDescription({ ...description, nodes })).toBe(false);
  }
});

test('a picture names the rule of a join', () => {
  expect(joinedOn(NESTED).toMermaid()).toContain('n3(["answer<br/><i>writer</i><br/>on 1 of a, (b and c)"])');
});
