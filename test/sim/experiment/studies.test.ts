import {
  discountRegion,
  regionOf,
  sensitivityRows,
  tryVariation,
  withoutStatic,
} from '../../../sim/experiment/studies';
import { variationsOf } from '../../../sim/experiment/variations';
import { tiny } from './tiny-scenario';

const variations = variationsOf(tiny);
const outcomeOf = (costChange: number, p95Change: number | null) => ({ costChange, p95Change });

test('sensitivity has a row for each parameter and endpoint, the widest first', () => {
  const outcomes = variations.map((variation) => ({
    variation,
    outcome: outcomeOf(variation.parameter === 'load' ? (variation.isLow ? -0.9 : 0.4) : -0.3, -0.2),
  }));
  const rows = sensitivityRows(outcomeOf(-0.3, -0.2), outcomes);
  const parameters = new Set(variations.map(({ parameter }) => parameter));
  for (const on of ['cost at equal objective', 'p95 at equal spend'] as const) {
    expect(new Set(rows.filter((row) => row.on === on).map(({ parameter }) => parameter))).toEqual(parameters);
  }
  expect(rows[0]).toEqual({
    parameter: 'load',
    on: 'cost at equal objective',
    low: 'x0.4',
    high: 'x3',
    changeAtLow: -0.9,
    changeAtBase: -0.3,
    changeAtHigh: 0.4,
  });
});

test('a parameter that was not run both ways, or failed too often to have a P95, is left out', () => {
  const load = variations.filter(({ parameter }) => parameter === 'load');
  const [low, high] = load.map((variation) => ({ variation, outcome: outcomeOf(-0.3, null) }));
  expect(sensitivityRows(outcomeOf(-0.3, -0.2), [low!])).toEqual([]);
  expect(sensitivityRows(outcomeOf(-0.3, -0.2), [low!, high!]).map(({ on }) => on)).toEqual([
    'cost at equal objective',
  ]);
});

test.each([
  [0.25, 0.5, 'static is 20 % cheaper at equal objective, and at equal spend its P95 is 50 % above that of static'],
  [-0.3, -0.05, 'modular is 30 % cheaper at equal objective, and at equal spend its P95 is 5.0 % below that of static'],
  [-0.3, null, 'modular is 30 % cheaper at equal objective, too many requests failed to compare the P95'],
])('a region says who is cheaper, and by what share of whose cost: %d, %p', (costChange, p95Change, finding) => {
  expect(regionOf('flat', outcomeOf(costChange, p95Change))).toEqual({ name: 'flat', finding, costChange, p95Change });
});

test('the discount from which on static is cheaper is the share that modular saves', () => {
  expect(discountRegion(100, 70).finding).toBe(
    'static is cheaper from a committed-use discount of 30 % on, if modular commits to nothing',
  );
  expect(discountRegion(100, 120).finding).toBe('static is cheaper without any discount');
});

test('an assumption that no static fleet lives up to is told, and spoils nothing', () => {
  const impossible = { ...tiny, objective: { p95Ms: 1 } };
  const outcome = tryVariation(impossible);
  expect(outcome).toEqual({ costChange: null, p95Change: null });
  const outcomes = variations.slice(0, 2).map((variation) => ({ variation, outcome }));
  expect(sensitivityRows(outcomeOf(-0.3, -0.2), outcomes)).toEqual([]);
  expect(withoutStatic(outcomes)).toEqual(['cold start x0.5', 'cold start x3']);
  expect(regionOf('flat', outcome).finding).toBe('no static fleet meets the objective');
});
