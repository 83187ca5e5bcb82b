import { HOUR_MS, MINUTE_MS } from '../../../core/time-units';
import type { RunsEvent } from '../../../core/warm';
import type { ComponentKnowledge } from '../../../lambda/warm-board/documents';
import { Warmer } from '../../../lambda/warmer/warmer';
import { VirtualClock } from '../../../sim/kernel/virtual-clock';
import { MemoryBoard } from '../warm-board/memory-board';
import { configOf, keyOf } from './warm-stack';

const BEGIN_MS = Date.UTC(2026, 0, 5);
const KEY = keyOf('writer');

let clock: VirtualClock;
let board: MemoryBoard;
let capacity: { minimum: number; desired: number };

beforeEach(() => {
  clock = new VirtualClock();
  board = new MemoryBoard();
  capacity = { minimum: 0, desired: 1 };
});

const nowMs = () => BEGIN_MS + clock.now();

/** A component of one copy that serves. */
function invoke(event: Parameters<Warmer['handle']>[0], policy: 'keepAlive' | 'entryForecast'): Promise<void> {
  const config = configOf(['writer'], { policy });
  const warmer = new Warmer({
    config,
    board,
    plane: {
      copies: async () => ({ copies: capacity.desired, desiredCopies: capacity.desired }),
      target: async () => ({ minimum: capacity.minimum, maximum: 2 }),
      targetConcurrency: async () => undefined,
      setMinimum: async (_, minimum) => {
        capacity.minimum = minimum;
      },
      setCopies: async () => {},
    },
    call: async () => {},
    time: { nowMs, pause: async (ms) => clock.advance(ms) },
    log: () => {},
    isEnabled: true,
  });
  return warmer.handle(event, 30_000);
}

/** One call that ends now. */
const ended = (servedMs = 2_000): RunsEvent => ({
  type: 'runs',
  runs: [
    { agent: 'support', endedAtMs: nowMs(), outcomes: { writer: { status: 'succeeded', durationMs: servedMs } } },
    { agent: 'stranger', endedAtMs: nowMs(), outcomes: {} },
  ],
  activity: { [KEY]: { spans: [{ fromMs: nowMs() - servedMs, toMs: nowMs() }], servedMs } },
});

const documentOf = (id: string) => board.documents.get(id)?.value as any;
const knowledge = (): ComponentKnowledge => documentOf(`knowledge#component#${KEY}`);

test('runs teach how long their nodes take, and how long the backends had been idle', async () => {
  await invoke(ended(), 'keepAlive');
  clock.advance(HOUR_MS);
  await invoke(ended(), 'keepAlive');
  expect(documentOf('knowledge#agent#support').durations['support/writer'].weight).toBeCloseTo(2, 1);
  expect(knowledge().lastCallMs).toBe(BEGIN_MS + HOUR_MS);
  expect(knowledge().idleTimes[KEY]!.bins.reduce((sum, weight) => sum + weight)).toBe(1);
  expect(documentOf('knowledge#agent#stranger')).toBeUndefined();
});

test('after a call a component is kept, and let go when keeping it has cost as much as a cold start', async () => {
  await invoke(ended(), 'keepAlive');
  await invoke({ type: 'tick' }, 'keepAlive');
  expect(capacity.minimum).toBe(1);
  clock.advance(12 * HOUR_MS);
  await invoke({ type: 'tick' }, 'keepAlive');
  expect(capacity.minimum).toBe(0);
});

test('a minute without a report counts as one without a call, and one with it by the time of its service', async () => {
  await invoke({ type: 'tick' }, 'entryForecast');
  await invoke(ended(30_000), 'entryForecast');
  clock.advance(MINUTE_MS);
  await invoke({ type: 'tick' }, 'entryForecast');
  clock.advance(MINUTE_MS);
  await invoke({ type: 'tick' }, 'entryForecast');
  const { open } = knowledge().demand;
  expect(open!.sum / open!.samples).toBeCloseTo(0.25, 2);
});
