import type { Schedule } from '../../../local/aws';
import type { LocalFunction } from '../../../local/world';
import { settled, startStack } from './stack';

async function ticks(schedules: readonly Schedule[], advancesMs: readonly number[]) {
  const events: unknown[] = [];
  const warmer: LocalFunction = {
    kind: 'function',
    backend: { type: 'lambda', functionName: 'warmer' },
    handler: (event) => {
      events.push(event);
    },
  };
  const stack = await startStack([warmer], { schedules });
  const counts: number[] = [];
  for (const advanceMs of advancesMs) {
    stack.clock.advance(advanceMs);
    await settled();
    counts.push(events.length);
  }
  await stack.close();
  stack.clock.advance(3600e3);
  await settled();
  expect(events).toHaveLength(counts.at(-1)!);
  return { events, counts };
}

test('a function runs each minute from the start on, until the stack is closed', async () => {
  const { events, counts } = await ticks([{ functionName: 'warmer', everySeconds: 60 }], [59_999, 1, 60_000, 600_000]);
  expect(counts).toEqual([0, 1, 2, 12]);
  expect(events[0]).toEqual({ type: 'tick' });
});

test('schedules may share a function, each with its own event', async () => {
  const { events } = await ticks(
    [
      { functionName: 'warmer', everySeconds: 90, event: 'renew' },
      { functionName: 'arn:aws:lambda:us-east-1:000000000000:function:warmer:live', everySeconds: 60, event: 'learn' },
    ],
    [180_000],
  );
  expect(events.map(String).sort()).toEqual(['learn', 'learn', 'learn', 'renew', 'renew']);
});

test.each([
  [{ functionName: 'nobody', everySeconds: 60 }, 'nobody'],
  [{ functionName: 'warmer', everySeconds: 0 }, 'everySeconds'],
])('the schedule %j cannot be', async (schedule, named) => {
  await expect(ticks([schedule], [])).rejects.toThrow(named);
});
