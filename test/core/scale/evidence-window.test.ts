import { evidenceWindowMinutes } from '../../../core/scale/evidence-window';
import { SLACK_SAMPLES } from '../../../core/scale/p95-verdict';

test.each([
  ['five minutes where they hold enough requests', Array<number>(60).fill(100), 5],
  ['five minutes where exactly sixty requests came', [100, 12, 12, 12, 12, 12], 5],
  ['as many minutes as sixty requests took', Array<number>(60).fill(4), 15],
  ['an hour where it does not hold enough', Array<number>(60).fill(0.5), 60],
  ['an hour where nothing is known', [], 60],
])('percentiles are asked for over %s', (_, requestsPerMinute, minutes) => {
  expect(evidenceWindowMinutes(requestsPerMinute)).toBe(minutes);
});

test('slack asks for more minutes than a breach, an hour at most', () => {
  expect(evidenceWindowMinutes(Array<number>(60).fill(20), SLACK_SAMPLES)).toBe(15);
  expect(evidenceWindowMinutes(Array<number>(60).fill(2), SLACK_SAMPLES)).toBe(60);
});
