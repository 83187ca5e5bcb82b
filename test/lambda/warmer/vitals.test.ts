import { MINUTE_MS } from '../../../core/time-units';
import { component, configOf, startWarmStack, type WarmStack } from './warm-stack';

const NAMES = ['planner', 'writer'];
const CONFIG = configOf(NAMES, { policy: 'entry' });

let stack: WarmStack;

beforeEach(async () => {
  stack = await startWarmStack(NAMES.map(component));
});

afterEach(() => stack.close());

/** The newest line of the log that carries a metric. */
const newest = (metric: string) => stack.lines.findLast((line) => metric in line);

const tick = () => stack.settle(stack.invoke(CONFIG, { type: 'tick' }));

test('the warmer publishes what it holds and has spent, and how many copies it sees', async () => {
  await tick();
  expect(newest('HeldComponents')).toMatchObject({ HeldComponents: 0, BudgetUsed: 0, SwitchedOff: 0, Unrestored: 0 });

  const entry = { type: 'entry' as const, agent: 'support', requests: [stack.run('a')] };
  await stack.settle(stack.invoke(CONFIG, entry, { remainingMs: 20_000 }));
  expect(newest('WarmUps')).toMatchObject({ WarmUps: 2, service: 'warmer' });
  await tick();
  expect(newest('HeldComponents')).toMatchObject({ HeldComponents: 2, Unrestored: 0 });
  expect(newest('BudgetUsed')!.BudgetUsed).toBeGreaterThan(0);
  expect(newest('CopiesDesired')).toMatchObject({ CopiesDesired: 1, InferenceComponentName: expect.any(String) });
});

test('capacity that cannot be put back is told until it is', async () => {
  const entry = { type: 'entry' as const, agent: 'support', requests: [stack.run('a')] };
  await stack.settle(stack.invoke(CONFIG, entry, { remainingMs: 20_000 }));
  stack.clock.advance(40 * MINUTE_MS);
  const mend = stack.aws.faults.add({ calls: 'ApplicationAutoScaling.RegisterScalableTarget', outcome: 'unavailable' });
  await tick();
  expect(newest('Unrestored')).toMatchObject({ Unrestored: NAMES.length });
  mend();
  await tick();
  await tick();
  expect(newest('Unrestored')).toMatchObject({ Unrestored: 0 });
  expect(await Promise.all(NAMES.map((name) => stack.minimum(name)))).toEqual([0, 0]);
});
