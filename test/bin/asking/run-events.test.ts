import { runEvents } from '../../../bin/asking/run-events';

/** The events of an answer that comes in these parts. */
async function read(...parts: readonly string[]): Promise<unknown[]> {
  const bytes = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const part of parts) controller.enqueue(Buffer.from(part));
      controller.close();
    },
  });
  const events: unknown[] = [];
  for await (const event of runEvents(bytes)) events.push(event);
  return events;
}

test.each([['\n'], ['\r\n']])('events are read wherever they are cut, between lines that end in %j', async (end) => {
  const events = [
    { event: 'run', data: { runId: 'a' } },
    { event: 'text', data: { node: 'story', text: 'It had\n\nrained' } },
  ];
  const stream = events
    .map(({ event, data }) => `event: ${event}${end}data: ${JSON.stringify(data)}${end}${end}`)
    .join('');
  for (let at = 0; at <= stream.length; at++) {
    expect(await read(stream.slice(0, at), stream.slice(at))).toEqual(events);
  }
});

test('a text may hold the line separators that JSON leaves as they are', async () => {
  const data = { node: 'story', text: 'It had\u2028rained\u2029for\u0085days' };
  expect(await read(`event: text\ndata: ${JSON.stringify(data)}\n\n`)).toEqual([{ event: 'text', data }]);
});

test('what is no event is passed over', async () => {
  expect(await read(': ping\n\n', 'event: run\ndata: {"runId":"a"}\n\n')).toEqual([
    { event: 'run', data: { runId: 'a' } },
  ]);
});
