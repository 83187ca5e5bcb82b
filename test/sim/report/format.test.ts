import {
  decimal,
  dollars,
  formatFor,
  interval,
  intervalInWords,
  median,
  percent,
  plain,
  seconds,
  signedPercent,
  tickFormat,
} from '../../../sim/report/format';

const spaced = (text: string) => text.replaceAll('\u00A0', ' ');

test.each([
  [1234.5, 1, '1,234.5'],
  [1234567, 0, '1,234,567'],
  [-1234.56, 1, '−1,234.6'],
  [-0.04, 1, '0.0'],
  [999, 0, '999'],
  [Number.NaN, 2, '–'],
])('%d with %d digits is %s', (value, digits, text) => {
  expect(decimal(value, digits)).toBe(text);
});

test('durations are in the unit that a reader thinks in, with three digits', () => {
  expect([850, 7431, 42_100, 1_993_000].map(seconds).map(spaced)).toEqual(['850 ms', '7.43 s', '42.1 s', '1,993 s']);
});

test('money has cents below a thousand dollars, and more digits where cents are too coarse', () => {
  expect([4310.2, 12.5, 0.00123, -3].map(dollars)).toEqual(['$4,310', '$12.50', '$0.0012', '−$3.00']);
});

test('shares and changes are in percent; changes have a sign', () => {
  expect(spaced(percent(0.98765, 2))).toBe('98.77 %');
  expect([0.12, -0.541, 0].map((change) => spaced(signedPercent(change)))).toEqual(['+12.0 %', '−54.1 %', '0.0 %']);
});

test('what was set has no zeros at the end', () => {
  expect([8, 1.6, 0.25, 14.0004].map(plain)).toEqual(['8', '1.6', '0.25', '14']);
});

test('a column has one number of decimals, and so has an axis', () => {
  expect([6.4321, 5, 312.5].map(formatFor([6.4321, 5, 312.5]))).toEqual(['6.43', '5.00', '312.50']);
  expect([0, 0.5, 1].map(tickFormat([0, 0.5, 1]))).toEqual(['0.0', '0.5', '1.0']);
  expect([0, 50, 1000].map(tickFormat([0, 50, 1000]))).toEqual(['0', '50', '1,000']);
});

test('an interval names the smaller change first, or both directions', () => {
  expect(spaced(intervalInWords({ low: -0.587, high: -0.492 }))).toBe('49.2 % to 58.7 % lower');
  expect(spaced(intervalInWords({ low: 0.1, high: 0.2 }))).toBe('10.0 % to 20.0 % higher');
  expect(spaced(intervalInWords({ low: -0.03, high: 0.041 }))).toBe('3.0 % lower to 4.1 % higher');
});

test('an interval of signed numbers has a word where a dash would look like a sign', () => {
  const format = (value: number) => decimal(value, 1);
  expect(spaced(interval({ mean: 6, low: 5.9, high: 6.3 }, format))).toBe('5.9 – 6.3');
  expect(spaced(interval({ mean: 0, low: -0.4, high: 0.1 }, format))).toBe('−0.4 to 0.1');
  expect(spaced(interval({ mean: 0.2, low: 0.1, high: 0.3 }, signedPercent))).toBe('+10.0 % to +30.0 %');
});

test('the median is the middle one, or between the middle two', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});
