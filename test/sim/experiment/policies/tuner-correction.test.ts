import { SplitCorrection } from '../../../../sim/experiment/policies/tuner-correction';

/** Ends parts of a day with a hundred runs of one latency each. */
function live(latenciesMs: readonly number[]): SplitCorrection {
  const correction = new SplitCorrection(1000);
  for (const latencyMs of latenciesMs) {
    for (let run = 0; run < 100; run++) correction.runEnded(1000 * latencyMs);
    correction.endDayPart();
  }
  return correction;
}

test('nothing is corrected before the first day is over', () => {
  expect(live([100, 100, 100]).stretch).toBe(1);
  expect(live([100, 100, 100, 100]).stretch).toBe(1.02);
});

test('each part of a day corrects by the whole day that ends with it', () => {
  expect(live([100, 100, 100, 100, 100]).stretch).toBeCloseTo(1.02 ** 2);
  expect(live([100, 100, 100, 100, 5000]).stretch).toBe(1);
});

test('failed runs miss the objective', () => {
  expect(live([100, 100, 100, 100, Infinity]).stretch).toBe(1);
});

test('a day without runs corrects nothing', () => {
  const correction = live([100, 100, 100, 100]);
  for (let part = 0; part < 3; part++) correction.endDayPart();
  const before = correction.stretch;
  expect(correction.endDayPart()).toBe(false);
  expect(correction.stretch).toBe(before);
});
