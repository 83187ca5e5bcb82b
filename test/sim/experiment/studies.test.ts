import { discountRegion, leftOut, regionOf, sensitivityRows, tryVariation } from '../../../sim/experiment/studies';
import { variationsOf } from '../../../sim/experiment/variations';
import { tiny } from './tiny-scenario';

const variations = variationsOf(tiny);
const COST = 'cost at equal objective';
const P95 = 'p95 at equal spend';

const outcomeOf = (costChange: number | null, p95Change: number | null) => ({
  costChange,
  p95Change,
  lacking: {
    ...(costChange === null && { [COST]: 'modular is late' }),
    ...(p95Change === null && { [P95]: 'some failed' }),
  },
});

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

test('a parameter that was not run both ways, or has no value, has no row; the reason is told', () => {
  const load = variations.filter(({ parameter }) => parameter === 'load');
  const [low, high] = load.map((variation) => ({ variation, outcome: outcomeOf(-0.3, null) }));
  const base = outcomeOf(-0.3, -0.2);
  expect(sensitivityRows(base, [low!])).toEqual([]);
  expect(sensitivityRows(base, [low!, high!]).map(({ on }) => on)).toEqual([COST]);
  expect(leftOut(base, [low!, high!])).toEqual([
    'p95 at equal spend, load: at x0.4 some failed',
    'p95 at equal spend, load: at x3 some failed',
  ]);
  expect(leftOut(base, [])).toEqual([]);
});

test('an endpoint that lacks its value as assumed is left out whole, and says so once', () => {
  const outcomes = variations.map((variation) => ({ variation, outcome: outcomeOf(-0.3, -0.2) }));
  const base = outcomeOf(null, -0.2);
  expect(new Set(sensitivityRows(base, outcomes).map(({ on }) => on))).toEqual(new Set([P95]));
  expect(leftOut(base, outcomes)).toEqual(['cost at equal objective, all of it: as assumed, modular is late']);
});

test.each([
  [0.25, 0.5, 'static is 20 % cheaper at equal objective; at equal spend its P95 is 50 % above that of static'],
  [-0.3, -0.05, 'modular is 30 % cheaper at equal objective; at equal spend its P95 is 5.0 % below that of static'],
  [-0.3, null, 'modular is 30 % cheaper at equal objective; none at equal spend: some failed'],
  [null, 0.5, 'no comparison at equal objective: modular is late; at equal spend its P95 is 50 % above that of static'],
])('a region says who is cheaper, and by what share of whose cost: %p, %p', (costChange, p95Change, finding) => {
  expect(regionOf('flat', outcomeOf(costChange, p95Change))).toEqual({ name: 'flat', finding, costChange, p95Change });
});

test('the discount from which on static is cheaper is the share that modular saves', () => {
  expect(discountRegion(100, 70).finding).toBe(
    'static is cheaper from a committed-use discount of 30 % on, if modular commits to nothing',
  );
  expect(discountRegion(100, 120).finding).toBe('static is cheaper without any discount');
});

test('an assumption that no static fleet lives up to is told, and spoils nothing', () => {
  const outcome = tryVariation({ ...tiny, objective: { p95Ms: 1 } });
  expect(outcome).toMatchObject({ costChange: null, p95Change: null });
  const outcomes = variations.slice(0, 1).map((variation) => ({ variation, outcome }));
  const base = outcomeOf(-0.3, -0.2);
  expect(sensitivityRows(base, outcomes)).toEqual([]);
  expect(leftOut(base, outcomes)).toEqual([
    'cost at equal objective, cold start: at x0.5 no static fleet meets the objective',
    'p95 at equal spend, cold start: at x0.5 no static fleet meets the objective',
  ]);
  expect(regionOf('flat', outcome).finding).toContain('no static fleet meets the objective');
});

test('a modular side that may not have the copies it needs is not cheaper at equal objective', () => {
  const { writer } = tiny.world.components;
  if (writer?.kind !== 'inference-component') throw new Error('the writer is an inference component');
  const components = { ...tiny.world.components, writer: { ...writer, scaling: { ...writer.scaling, maxCopies: 1 } } };
  const { costChange, lacking } = tryVariation({ ...tiny, world: { ...tiny.world, components } });
  expect(costChange).toBeNull();
  expect(lacking[COST]).toBe('the objective is missed by modular');
});
