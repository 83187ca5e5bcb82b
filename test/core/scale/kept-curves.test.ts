import { keepCurves } from '../../../core/scale/kept-curves';
import { DAY_MS } from '../../../core/time-units';

const curve = (factor: number) => ({
  idleP95Ms: 400 * factor,
  packedUsdPerHour: 2 * factor,
  shortestP95Ms: 500 * factor,
  longestP95Ms: 1200 * factor,
});

test('the first curve that is told counts as it is', () => {
  expect(keepCurves({}, new Map([['writer', curve(1)]]), 5)).toEqual({ writer: { ...curve(1), toldAtMs: 5 } });
});

test('a curve that is told moves the mean by a quarter of its way, and upwards as far as downwards', () => {
  const { writer: up } = keepCurves({ writer: { ...curve(1), toldAtMs: 0 } }, new Map([['writer', curve(16)]]), 5);
  expect(up!.idleP95Ms).toBeCloseTo(800, 9);
  expect(up!.packedUsdPerHour).toBeCloseTo(4, 9);
  expect(up!.shortestP95Ms).toBeCloseTo(1000, 9);
  expect(up!.longestP95Ms).toBeCloseTo(2400, 9);
  expect(up!.toldAtMs).toBe(5);
  const down = keepCurves({ writer: { ...curve(1), toldAtMs: 0 } }, new Map([['writer', curve(1 / 16)]]), 5);
  expect(down.writer!.packedUsdPerHour).toBeCloseTo(1, 9);
});

test('a component whose fit tells nothing keeps its curve for a week', () => {
  const kept = { writer: { ...curve(1), toldAtMs: 0 } };
  expect(keepCurves(kept, new Map(), 7 * DAY_MS - 1)).toEqual(kept);
  expect(keepCurves(kept, new Map(), 7 * DAY_MS)).toEqual({});
  expect(keepCurves(kept, new Map([['writer', curve(16)]]), 8 * DAY_MS)).toEqual({
    writer: { ...curve(16), toldAtMs: 8 * DAY_MS },
  });
});
