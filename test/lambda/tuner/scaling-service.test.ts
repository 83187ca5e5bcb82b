import { scalableResourceId } from '../../../core/scale/scalable-target';
import { scalingService } from '../../../lambda/tuner/scaling-service';
import { startTuned } from './tuned-stack';

/** Each makes two activities; a page has 50 at most. */
const ROUNDS = 40;

const resourceId = scalableResourceId({ inferenceComponentName: 'writer-ic' });

test('what scales is found again after activities of several pages', async () => {
  const stack = await startTuned(8);
  const scaling = scalingService(stack.clients.scaling);
  for (let round = 0; round < ROUNDS; round++) {
    await stack.setMinimum(2);
    await stack.setMinimum(1);
    await stack.setMaximum(1);
    await stack.setMaximum(8);
  }

  for (let tick = 0; tick < 2; tick++) {
    await scaling.activities(0);
    expect([...(await scaling.bounds([resourceId])).keys()]).toEqual([resourceId]);
    expect((await scaling.policies(['concurrency'])).size).toBe(1);
  }
  await stack.close();
});
