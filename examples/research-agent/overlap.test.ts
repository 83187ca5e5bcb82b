import type { RunEvent } from 'cdk-compound-inference/run';
import { World } from '../../test/core/run/support/world';
import { research } from './agent';
import { checker, planner, writer } from './brains';
import { calculate } from './tools/calculate';
import { compare } from './tools/compare';
import { find } from './tools/find';
import { lookUp } from './tools/lookup';

const BRAINS: Readonly<Record<string, typeof planner>> = { planner, writer, checker };
const TOOLS: Readonly<Record<string, (input: any) => unknown>> = { lookup: lookUp, find, calculate, compare };

/** Models write so many characters in a millisecond of virtual time, and tools take so long. */
const CHARACTERS_PER_MS = 4;
const TOOL_MS = 5;

function slowWorld(): World {
  return new World(({ component: { name }, input }) => {
    const tool = TOOLS[name];
    if (tool) return { afterMs: TOOL_MS, output: tool(input) };
    const text = BRAINS[name]!(input as Parameters<typeof planner>[0]);
    const pieces = text.match(new RegExp(`[^]{1,${CHARACTERS_PER_MS}}`, 'g')) ?? [];
    return {
      afterMs: pieces.length,
      output: { text, finishReason: 'stop' },
      parts: pieces.map((piece, i) => ({ text: piece, afterMs: i + 1 })),
    };
  });
}

test('nothing waits for a whole text: not the tools for the plan, nor the checks, nor the reader, for the draft', async () => {
  const world = slowWorld();
  let firstReadMs = Number.POSITIVE_INFINITY;
  const onEvent = (event: RunEvent) => {
    if (event.type === 'text') firstReadMs = Math.min(firstReadMs, world.clock.now());
  };
  const { output } = await world.run(
    research,
    { question: 'Compare g5.xlarge, g6.xlarge and g6e.xlarge' },
    { onEvent },
  );
  expect(output.dropped).toHaveLength(1);

  const [planned] = world.triesOf('planner');
  const [drafted] = world.triesOf('writer');
  const lookups = world.triesOf('lookup');
  const checks = world.triesOf('checker');
  expect(lookups).toHaveLength(3);
  for (const { endMs } of lookups) expect(endMs).toBeLessThan(planned!.endMs!);
  expect(checks[0]!.endMs).toBeLessThan(drafted!.endMs!);
  expect(firstReadMs).toBe(checks[0]!.endMs);
  // All but those of the last sentences are over by then.
  expect(checks.filter(({ endMs }) => endMs! < drafted!.endMs!).length).toBeGreaterThan(checks.length / 2);
});

test('a task begins as soon as what it refers to is there, also before the plan has ended', async () => {
  const world = slowWorld();
  await world.run(research, { question: 'Which costs less per vCPU, ml.g5.12xlarge or ml.g6.12xlarge?' });
  const [planned] = world.triesOf('planner');
  const [calculated] = world.triesOf('calculate');
  expect(calculated!.startMs).toBeLessThan(planned!.endMs!);
  expect(calculated!.startMs).toBeGreaterThanOrEqual(world.triesOf('lookup')[0]!.endMs!);
});
