import * as fc from 'fast-check';
import { ServerSentEvents } from '../../../../lambda/backends/formats/server-sent-events';

/** The data of a stream that comes in these parts. */
function read(...parts: (string | Uint8Array)[]): string[] {
  const events = new ServerSentEvents();
  return parts.flatMap((part) => events.push(Buffer.from(part)));
}

test.each([
  ['an event', 'data: a\n\n', ['a']],
  ['two events', 'data: a\n\ndata: b\n\n', ['a', 'b']],
  ['data without a space', 'data:a\n\n', ['a']],
  ['data of which only the first space is left out', 'data:  a \n\n', [' a ']],
  ['data with colons', 'data: a:b: c\n\n', ['a:b: c']],
  ['lines that end in CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
  ['lines that end in CR', 'data: a\r\rdata: b\r\r', ['a', 'b']],
  ['data on several lines', 'data: a\ndata:\ndata: b\n\n', ['a\n\nb']],
  ['data that is empty', 'data:\n\n', ['']],
  ['a field without a value', 'data\n\n', ['']],
  ['fields of other names', 'event: message\nid: 1\nretry: 5\ndatum: x\ndata: a\n\n', ['a']],
  ['comments', ': ping\n\n:\ndata: a\n: pong\n\n', ['a']],
  ['a byte order mark', '\uFEFFdata: a\n\n', ['a']],
  ['a byte order mark in the data', 'data: \uFEFFa\n\n', ['\uFEFFa']],
  ['line separators that are none here', 'data: a\u2028b\u0085c\n\n', ['a\u2028b\u0085c']],
  ['an event that the stream does not complete', 'data: a\n\ndata: b\n', ['a']],
  ['nothing', '', []],
])('%s', (_, stream, expected) => {
  expect(read(stream)).toEqual(expected);
});

test('an event is told with the byte that completes it', () => {
  const events = new ServerSentEvents();
  expect(events.push(Buffer.from('data: a\r\n'))).toEqual([]);
  expect(events.push(Buffer.from('\r'))).toEqual(['a']);
  expect(events.push(Buffer.from('\ndata: b\n\n'))).toEqual(['b']);
});

const line = fc.oneof(
  fc.constant(''),
  fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => text.replaceAll(/[\r\n]/g, '')),
  fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => `data: ${text.replaceAll(/[\r\n]/g, '')}`),
  fc.constantFrom('data:', ': comment', 'event: text', 'data: 🙂 né', 'data'),
);
const stream = fc
  .array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r', '\n\n', '\r\n\r\n')), { maxLength: 20 })
  .chain((lines) => {
    const bytes = Buffer.from(`\uFEFF${lines.flat().join('')}`);
    const cuts = fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 12 });
    return fc.record({ bytes: fc.constant(bytes), cuts });
  });

test('however the bytes are cut, the events are the same', () => {
  fc.assert(
    fc.property(stream, ({ bytes, cuts }) => {
      const at = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      const parts = at.slice(1).map((end, i) => bytes.subarray(at[i], end));
      expect(read(...parts)).toEqual(read(bytes));
    }),
  );
});

test('whatever the data, it is read as it was written', () => {
  const text = fc.string({ unit: 'grapheme' }).map((each) => each.replaceAll('\r', ''));
  fc.assert(
    fc.property(fc.array(text, { maxLength: 6 }), (texts) => {
      const events = texts.map((each) => `data: ${each.replaceAll('\n', '\r\ndata: ')}\r\n\r\n`);
      expect(read(events.join(''))).toEqual(texts);
    }),
  );
});
