import * as fc from 'fast-check';
import { calculate } from './calculate';
import { compare } from './compare';
import { evaluate } from './expression';
import { find } from './find';
import { lookUp } from './lookup';

test.each([
  ['1 + 2 * 3', 7],
  ['(1 + 2) * 3', 9],
  ['2 ^ 3 ^ 2', 512],
  ['-2 ^ 2', -4],
  ['10 / 4 - 1e-1', 2.4],
  [' 7.09/89.41 ', 0.0792976],
])('%p is %p', (expression, value) => {
  expect(evaluate(expression)).toBeCloseTo(value, 6);
});

test.each(['', '1 +', '(1', '1 2', 'process.exit()', '1 / 0', '2 ^ 9999'])('%p has no value', (expression) => {
  expect(() => evaluate(expression)).toThrow(SyntaxError);
});

test('sums and products are those of arithmetic', () => {
  const number = fc.integer({ min: 0, max: 1e6 });
  fc.assert(fc.property(number, number, number, (a, b, c) => evaluate(`${a} - ${b} * (${c} + 1)`) === a - b * (c + 1)));
});

test('what rests on something unknown is unknown', () => {
  expect(calculate({ of: 'x', expression: 'null * 730' })).toEqual({ value: null, evidence: [] });
  const values = [
    { name: 'a', value: 1 },
    { name: null, value: null },
  ];
  expect(compare({ by: 'price', values })).toEqual({ lowest: null, highest: null, evidence: [] });
});

test('equal values have no last that is so many times the first', () => {
  const values = ['a', 'b'].map((name) => ({ name, value: 2 }));
  expect(compare({ by: 'size', values }).evidence[0]!.statement).toBe(
    'By size, the lowest is a with 2, then b with 2.',
  );
});

test('the best is found among those that meet all conditions', () => {
  const best = { quantity: 'pricePerHourUsd', is: 'lowest' } as const;
  const found = find({ atLeast: { accelerators: 4, acceleratorMemoryGib: 100 }, atMost: { vcpus: 96 }, best });
  expect(found).toMatchObject({ name: 'ml.g6e.12xlarge', matches: 3 });
  expect(find({ atLeast: { accelerators: null }, best })).toMatchObject({ name: null, matches: 0 });
});

test('an instance type that is not in the catalogue has no figures, and the evidence says so', () => {
  expect(lookUp({ instance: 'ml.x1.large' })).toMatchObject({
    name: null,
    evidence: [{ statement: 'The catalogue does not have ml.x1.large.' }],
  });
});
