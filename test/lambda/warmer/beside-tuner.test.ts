import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { MINUTE_MS } from '../../../core/time-units';
import { EXPIRY_MS } from '../../../lambda/tuner/expiry';
import { perform } from '../../../lambda/tuner/perform';
import { scalingService } from '../../../lambda/tuner/scaling-service';
import { component, configOf, startWarmStack, type WarmStack } from './warm-stack';

const CONFIG = configOf(['writer'], { policy: 'entry' });

const TUNED = {
  inferenceComponentName: 'writer',
  policyName: 'concurrency',
  minCopies: 0,
  maxCopies: 8,
  minTarget: 1,
  maxTarget: 8,
  pricePerCopyHourUsd: 1.2,
  objectiveMs: 1000,
};

let stack: WarmStack;
let client: ApplicationAutoScalingClient;

beforeEach(async () => {
  stack = await startWarmStack([component('writer')]);
  client = new ApplicationAutoScalingClient(stack.clientConfig);
  const requests = [stack.run('a')];
  await stack.settle(stack.invoke(CONFIG, { type: 'entry', agent: 'support', requests }, { remainingMs: 20_000 }));
  expect(await stack.minimum('writer')).toBe(1);
});

afterEach(async () => {
  client.destroy();
  await stack.close();
});

/** As the tuner does: over what it finds, to which it returns. */
async function tunerSets(copies: number, baseline: number): Promise<void> {
  const outcome = await perform(
    scalingService(client),
    { type: 'set-minimum', component: 'writer', copies, baseline, reasons: [] },
    {
      component: TUNED,
      document: '{}',
      bounds: { minCopies: 1, maxCopies: 2 },
      minimumExpiresAtMs: stack.world.nowMs + EXPIRY_MS,
    },
  );
  expect(outcome).toEqual({ status: 'done' });
}

async function after(minutes: number): Promise<void> {
  stack.clock.advance(minutes * MINUTE_MS);
  await stack.settle(stack.invoke(CONFIG, { type: 'tick' }));
}

test.each([
  ['lowers it again', () => tunerSets(1, 1)],
  ['is no more, and what it raised expires', async () => stack.clock.advance(EXPIRY_MS)],
])('a minimum that the tuner raises over the warmer ends at what the warmer found, if the tuner %s', async (_, end) => {
  await tunerSets(2, 1);
  await after(40);
  expect((await stack.policy())?.state.holds).toEqual({});
  expect(await stack.minimum('writer')).toBe(2);
  await end();
  expect(await stack.minimum('writer')).toBe(1);
  await after(1);
  expect(await stack.minimum('writer')).toBe(0);
  expect(await stack.hold('writer')).toBeUndefined();
});

test('while the tuner keeps it raised, nothing is told to be left behind', async () => {
  await tunerSets(2, 1);
  await after(40);
  await after(1);
  expect(stack.lines.findLast((line) => 'Unrestored' in line)).toMatchObject({ Unrestored: 0 });
  expect(stack.lines.filter(({ message }) => message === 'restored')).toHaveLength(1);
});
