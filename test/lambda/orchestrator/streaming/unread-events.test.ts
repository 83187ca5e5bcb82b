import fc from 'fast-check';
import { type StreamedEvent, UnreadEvents } from '../../../../lambda/orchestrator/unread-events';

const NODES = ['a', 'b', 'c'];

const text = fc.record({ type: fc.constant('text' as const), node: fc.constantFrom(...NODES), text: fc.string() });
const started = fc.record({
  type: fc.constant('node.started' as const),
  node: fc.constantFrom(...NODES),
  startMs: fc.nat(),
});
const heartbeat = fc.record({ type: fc.constant('heartbeat' as const) });

/** What happens, and in between the moments at which the caller reads. */
const story = fc.array(fc.oneof({ weight: 5, arbitrary: text }, started, heartbeat, fc.constant('read' as const)));

function read(steps: readonly (StreamedEvent | 'read')[]): StreamedEvent[] {
  const unread = new UnreadEvents();
  const all: StreamedEvent[] = [];
  for (const step of [...steps, 'read' as const]) {
    if (step === 'read') all.push(...unread.takeAll());
    else unread.add(step);
  }
  expect(unread.isEmpty).toBe(true);
  return all;
}

/** Of one node, with its text between what else happened in one piece. */
const seenOf = (node: string, events: readonly StreamedEvent[]) => {
  const seen: string[] = [''];
  for (const event of events) {
    if (event.type === 'text') {
      if (event.node === node) seen.push(seen.pop()! + event.text);
    } else seen.push(JSON.stringify(event), '');
  }
  return seen;
};

test('however a caller reads, it finds the text of each node whole, and where it belongs', () => {
  fc.assert(
    fc.property(story, (steps) => {
      const told = steps.filter((step) => step !== 'read');
      const found = read(steps);
      for (const node of NODES) expect(seenOf(node, found)).toEqual(seenOf(node, told));
    }),
  );
});

test('what is unread is no more than a text for each node between two other events', () => {
  fc.assert(
    fc.property(fc.array(text), (texts) => {
      expect(read(texts)).toHaveLength(new Set(texts.map(({ node }) => node)).size);
    }),
  );
});
