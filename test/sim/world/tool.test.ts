import { Timeline } from '../../../sim/kernel/timeline';
import { Tool } from '../../../sim/world/tool';
import type { ToolModel } from '../../../sim/world/world-model';

const WORK = { promptTokens: 10, outputTokens: 20 };

function start(model: Partial<ToolModel> = {}) {
  const timeline = new Timeline();
  const tool = new Tool(
    'search',
    {
      kind: 'tool',
      durationMs: {
        quantiles: [
          [0, 100],
          [1, 200],
        ],
      },
      ...model,
    },
    timeline,
  );
  const doneUs: number[] = [];
  const listener = { onDone: (atUs: number) => doneUs.push(atUs) };
  return { timeline, tool, doneUs, call: (key: number, work = WORK) => tool.submit(work, listener, key) };
}

test('a call takes as long as its key says, whatever else is under way', () => {
  const { timeline, call, doneUs } = start();
  for (const key of [0.75, 0.5, 0.25]) call(key);
  timeline.advanceTo(1e6);
  expect(doneUs).toEqual([125_000, 150_000, 175_000]);
});

test('its duration may follow the work', () => {
  const { timeline, call, doneUs } = start({ durationMs: { request: 'outputTokens', times: 2 } });
  call(0.5);
  timeline.advanceTo(1e6);
  expect(doneUs).toEqual([40_000]);
});

test('a cancelled call is heard of no more', () => {
  const { timeline, call, doneUs } = start();
  call(0.5).cancel();
  timeline.advanceTo(1e6);
  expect(doneUs).toEqual([]);
});

test('calls are billed in the hour in which they come', () => {
  const { timeline, tool, call } = start({ pricePerCallUsd: 0.5 });
  for (const minute of [0, 59, 60, 150]) {
    timeline.advanceTo(minute * 60e6);
    call(0.5);
  }
  const hours = (from: number, to: number) => tool.costUsd(from * 3600e6, to * 3600e6);
  expect([hours(0, 1), hours(1, 2), hours(2, 3), hours(0, 3), hours(3, 9)]).toEqual([1, 0.5, 0.5, 2, 0]);
});
