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

test('an objective that is far from used stretches by a tenth after each part of a day', () => {
  expect(live([]).stretch).toBe(1);
  expect(live([100, 100]).stretch).toBeCloseTo(1.1 ** 2);
});

test('each part of a day corrects by the whole day that ends with it', () => {
  // A slow quarter is most of the P95 of its day for as long as it is one of the last four parts.
  expect(live([100, 100, 5000]).stretch).toBeCloseTo(1.1 ** 2 / 1.02);
  expect(live([100, 100, 5000, 100, 100, 100]).stretch).toBeCloseTo(1.1 ** 2 / 1.02 ** 4);
});

test('failed runs miss the objective', () => {
  expect(live([100, Infinity]).stretch).toBeCloseTo(1.1 / 1.02);
});

test('a day without runs corrects nothing', () => {
  const correction = live([100, 100, 100, 100]);
  for (let part = 0; part < 3; part++) correction.endDayPart();
  const before = correction.stretch;
  expect(correction.endDayPart()).toBe(false);
  expect(correction.stretch).toBe(before);
});
