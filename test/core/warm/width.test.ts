import { DAY_MS } from '../../../core/time-units';
import { addWidth, type WidthHistory, widthOf } from '../../../core/warm/width';

function widthsOf(widths: readonly number[], nowMs = 0): WidthHistory | undefined {
  return widths.reduce<WidthHistory | undefined>((history, width) => addWidth(history, width, nowMs), undefined);
}

test.each([
  [[], 1],
  [[9], 5],
  [[4, 10], 5],
  [[2, 4, 6], 3.25],
  [[1, 1, 1], 1],
])('after runs that made %j calls at once, %d are expected: one more run that made one counts', (widths, expected) => {
  expect(widthOf(widthsOf(widths), 0)).toBeCloseTo(expected, 9);
});

test('a day later a run counts half, and a clock that is behind takes nothing back', () => {
  expect(widthOf(widthsOf([9]), DAY_MS)).toBeCloseTo((1 + 0.5 * 9) / 1.5, 9);
  const mixed = addWidth(widthsOf([9]), 3, DAY_MS);
  expect(mixed).toMatchObject({ weight: 1.5, atMs: DAY_MS });
  expect(mixed.mean).toBeCloseTo((0.5 * 9 + 3) / 1.5, 9);
  expect(addWidth(mixed, 3, 0).atMs).toBe(DAY_MS);
});
