import fc from 'fast-check';
import { linesOf } from '../../../../sim/workload/traces/lines';
import { chunks } from './support';

test.each([
  ['lines with \\n', ['a\nb\n'], ['a', 'b']],
  ['lines with \\r\\n', ['a\r\nb\r\n'], ['a', 'b']],
  ['a last line without end', ['a\nb'], ['a', 'b']],
  ['an end of line cut in two', ['a\r', '\nb'], ['a', 'b']],
  ['a byte order mark', ['\uFEFFa\nb'], ['a', 'b']],
  ['a byte order mark after an empty chunk', ['', '\uFEFFa'], ['a']],
  ['blank lines', ['a\n\n\nb'], ['a', '', '', 'b']],
  ['nothing', [''], []],
])('%s', async (_, parts, expected) => {
  expect(await split(...parts)).toEqual(expected);
});

test('lines do not depend on the chunks', async () => {
  const text = fc
    .array(fc.constantFrom('a', 'bc', '\n', '\r\n', 'é'), { maxLength: 40 })
    .map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat(60), { maxLength: 6 }), async (whole, cuts) => {
      const at = [0, ...cuts.map((cut) => cut % (whole.length + 1)).sort((a, b) => a - b), whole.length];
      const parts = at.slice(1).map((end, i) => whole.slice(at[i], end));
      expect(await split(...parts)).toEqual(await split(whole));
    }),
  );
});

async function split(...parts: readonly string[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of linesOf(chunks(...parts))) lines.push(line);
  return lines;
}
