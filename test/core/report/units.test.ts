import { dollars, duration } from '../../../core/report/units';

test.each([
  [0.04, '0 ms'],
  [9.96, '10 ms'],
  [412, '412 ms'],
  [999.6, '1 s'],
  [3_240, '3.24 s'],
  [59_940, '59.9 s'],
  [59_999, '1 min'],
  [60_400, '1 min'],
  [125_000, '2 min 5 s'],
])('%p ms reads %p', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test.each([
  [0, '$0'],
  [1e-12, 'under $0.00000001'],
  [1e-8, '$0.00000001'],
  [0.00042, '$0.00042'],
  [0.999, '$1.00'],
  [1.27, '$1.27'],
  [1_234.5, '$1234.50'],
])('%p US dollars read %p', (usd, text) => {
  expect(dollars(usd)).toBe(text);
});
