import * as fc from 'fast-check';
import { numberLines, unnumberLines } from './numbered-lines';

test('each line has its number in the file', () => {
  expect(numberLines('a {\n}', 9)).toBe('9| a {\n10| }');
});

test('any source comes back from its numbered lines', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('\n', '\r', '1', '|', ' ', 'a', '\u2028') }),
      fc.nat(),
      (source, startLine) => {
        expect(unnumberLines(numberLines(source, startLine))).toEqual({ source, startLine });
      },
    ),
  );
});
