import { HOUR_MS } from '../../../../core/time-units';
import { SplitCorrection } from '../../../../sim/experiment/policies/tuner-correction';

/** Lives hours with a hundred runs of one latency each, from the split on; NaN is an hour without runs. */
function live(latenciesMs: readonly number[]): SplitCorrection {
  const correction = new SplitCorrection(1000);
  correction.begin(0);
  latenciesMs.forEach((latencyMs, hour) => {
    for (let run = 0; run < 100 && latencyMs > 0; run++) correction.runEnded(1000 * latencyMs);
    correction.endHour((hour + 1) * HOUR_MS);
  });
  return correction;
}

const hours = (count: number, latencyMs: number): number[] => Array(count).fill(latencyMs);

/** A first day in which everything was right. */
const FIRST_DAY = hours(24, 950);

test('before the objective is split there is nothing to stretch', () => {
  const correction = new SplitCorrection(1000);
  correction.runEnded(1000 * 100);
  correction.endHour(3 * HOUR_MS);
  expect(correction.stretch).toBe(1);
});

test('in the first day an objective that is far from used stretches by a tenth every three hours', () => {
  expect(live(hours(2, 100)).stretch).toBe(1);
  expect(live(hours(9, 100)).stretch).toBeCloseTo(1.1 ** 3);
  expect(live(FIRST_DAY).stretch).toBe(1);
});

test('in the first day each stretch is judged by the runs that it has made', () => {
  expect(live([...hours(3, 100), ...hours(6, 950)]).stretch).toBeCloseTo(1.1);
  expect(live([...hours(6, 100), ...hours(3, 5000)]).stretch).toBeCloseTo(1.1);
  expect(live([...hours(6, 100), ...hours(3, 5000), ...hours(6, 950)]).stretch).toBeCloseTo(1.1);
});

test('later each quarter of a day corrects by the whole day that ends with it', () => {
  expect(live([...FIRST_DAY, ...hours(18, 100)]).stretch).toBe(1);
  expect(live([...FIRST_DAY, ...hours(24, 100)]).stretch).toBeCloseTo(1.1);
  // Two slow hours are most of the P95 of their day for as long as they are part of it.
  const stretched = [...hours(12, 100), ...hours(36, 950)];
  expect(live([...stretched, ...hours(24, 950)]).stretch).toBeCloseTo(1.1 ** 4);
  expect(live([...stretched, ...hours(2, 5000), ...hours(4, 950)]).stretch).toBeCloseTo(1.1 ** 3);
  expect(live([...stretched, ...hours(2, 5000), ...hours(40, 950)]).stretch).toBeCloseTo(1);
});

test('failed runs miss the objective', () => {
  expect(live([...hours(3, 100), ...hours(3, Infinity)]).stretch).toBeCloseTo(1);
});

test('hours without runs correct nothing', () => {
  expect(live([100, ...hours(20, NaN)]).stretch).toBeCloseTo(1.1);
});
