import { demo } from '../../bin/commands/demo';
import type { CascadeFigures } from '../../bin/demo/cascade-report';
import { UsageError } from '../../bin/usage';
import { Compound, compound, killAll } from './compound';

afterAll(killAll);

test('a chain of three cold models waits for one cold start with pre-warming, and for their sum without', async () => {
  const { code, stdout } = await compound('demo', 'cascade', '--graph', 'chain3', '--speed', '200', '--json');
  expect(code).toBe(0);
  const { graph, coldStartsSeconds, boundSeconds, withoutSeconds, withSeconds } = JSON.parse(stdout) as CascadeFigures;
  expect({ graph, count: coldStartsSeconds.length }).toEqual({ graph: 'chain3', count: 3 });
  for (const seconds of [...coldStartsSeconds, boundSeconds]) expect(seconds).toBeCloseTo(260, -1);
  expect(withoutSeconds).toBeGreaterThan(2.9 * boundSeconds);
  expect(withSeconds).toBeLessThan(1.7 * boundSeconds);
});

test('piped, it draws both timelines in 80 columns; an interrupt ends it at once', async () => {
  const running = new Compound(['demo', 'cascade', '--speed', '300']);
  await running.prints(/^ {2}compound cold start .*\n/m);
  const { code, stdout } = await running.kill('SIGINT');
  const lines = stdout.split('\n');
  const bars = lines.filter((line) => line.startsWith('  writer '));
  expect(bars).toHaveLength(2);
  for (const bar of bars) expect(bar).toMatch(/░+▒+▓+─*█/);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(code).toBe(130);
});

test.each([
  [[], 'there is a demo named cascade: compound demo cascade, got: none'],
  [['waterfall'], 'there is a demo named cascade: compound demo cascade, got: waterfall'],
  [['cascade', '--speed', '10'], '--speed must be a number from 40 to 1000, got: 10'],
  [['cascade', '--graph', 'chain9'], '--graph must be one of chain3, chain4, fanout5, all, got: chain9'],
])('%j is a mistake in the command line: %s', async (args, message) => {
  const mistake = demo([...args]);
  await expect(mistake).rejects.toThrow(UsageError);
  await expect(mistake).rejects.toThrow(message);
});
