import { tornado } from '../../../sim/statistics/tornado';

const row = (parameter: string, valueAtLow: number, valueAtBase: number, valueAtHigh: number) => ({
  parameter,
  low: 'x0.5',
  base: 'x1',
  high: 'x2',
  valueAtLow,
  valueAtBase,
  valueAtHigh,
});

test('the parameter that moves the outcome most comes first, whichever way it moves it', () => {
  const rows = tornado([
    row('objective', -0.3, -0.31, -0.32),
    row('cold start', -0.1, -0.3, -0.5),
    row('burst', 0, -0.3, 0.1),
  ]);
  expect(rows.map(({ parameter }) => parameter)).toEqual(['burst', 'cold start', 'objective']);
  expect(rows[0]).toMatchObject({ valueAtLow: 0, swing: 0.4 });
});

test('an outcome that peaks at the assumed value swings too', () => {
  expect(tornado([row('fan-out', 1, 3, 1)])[0]!.swing).toBe(2);
});

test('only a change of the same sign all over the range keeps its conclusion', () => {
  const rows = tornado([row('a', -0.1, -0.3, -0.5), row('b', -0.1, -0.3, 0.2), row('c', 0, 0.3, 0.3)]);
  expect(rows.map(({ parameter, keepsSign }) => [parameter, keepsSign])).toEqual([
    ['b', false],
    ['a', true],
    ['c', false],
  ]);
});

test('failures swing without bounds, alike ones not at all, and equal swings go by name', () => {
  const failed = row('d', Infinity, Infinity, Infinity);
  const rows = tornado([row('c', 1, 1, Infinity), failed, row('b', 1, 2, 3), row('a', 3, 2, 1)]);
  expect(rows.map(({ parameter, swing }) => [parameter, swing])).toEqual([
    ['c', Infinity],
    ['a', 2],
    ['b', 2],
    ['d', 0],
  ]);
});
