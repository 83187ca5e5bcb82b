import fc from 'fast-check';
import { fingerprint } from '../../../sim/workload/fingerprint';
import { requestsOf } from './support';

const row = fc.tuple(
  fc.integer({ min: 0, max: 2 ** 40 }),
  fc.integer({ min: 1, max: 1e6 }),
  fc.integer({ min: 1, max: 1e6 }),
);
const rows = fc.array(row, { minLength: 1, maxLength: 20 });

test('a fingerprint is sixteen hexadecimal digits, the same on every platform', () => {
  expect(
    fingerprint(
      requestsOf([
        [1, 2, 3],
        [2 ** 33 + 5, 4, 5],
      ]),
    ),
  ).toBe('04f65e9214ec310f');
});

test('whatever number changes, so does the fingerprint', () => {
  fc.assert(
    fc.property(rows, fc.nat(), fc.constantFrom(0, 1, 2), fc.integer({ min: 1, max: 1000 }), (list, at, column, by) => {
      const changed = list.map((entry) => [...entry] as [number, number, number]);
      const row = changed[at % list.length]!;
      row[column] += by;
      expect(fingerprint(requestsOf(changed, 2 ** 41))).not.toBe(fingerprint(requestsOf(list, 2 ** 41)));
    }),
  );
});

test('the order of requests, and the end of the run, count', () => {
  const [first, second] = [
    [1, 2, 3],
    [1, 3, 2],
  ] as const;
  const fingerprints = [
    requestsOf([first, second], 10),
    requestsOf([second, first], 10),
    requestsOf([first, second], 11),
    requestsOf([first, second], 10 + 2 ** 32),
  ].map(fingerprint);
  expect(new Set(fingerprints).size).toBe(4);
});
