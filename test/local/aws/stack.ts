import { setImmediate as nextTurn } from 'node:timers/promises';
import { createAwsEndpoint, LocalAws, type LocalAwsOptions } from '../../../local/aws';
import {
  importedModel8b,
  inferenceComponent8b,
  type LocalComponent,
  type ModelBehaviour,
  singleGpuFleet,
  World,
} from '../../../local/world';
import { VirtualClock } from '../../../sim/kernel/virtual-clock';
import { listen } from '../../support/listen';

/** Without spread, so that cold starts take their medians: 260 s and 70 s. */
const steady = <B extends ModelBehaviour>(behaviour: B, minCopies: number): B => ({
  ...behaviour,
  coldStart: { ...behaviour.coldStart, variation: 0 },
  scaling: { ...behaviour.scaling, minCopies },
});

const STEADY_FLEET = {
  ...singleGpuFleet,
  instances: singleGpuFleet.instances.map((instance) => ({ ...instance, provisionVariation: 0 })),
};

export const COLD_COMPONENT = steady(inferenceComponent8b, 0);
export const WARM_COMPONENT = steady(inferenceComponent8b, 1);
export const COLD_IMPORTED_MODEL = steady(importedModel8b, 0);
export const WARM_IMPORTED_MODEL = steady(importedModel8b, 1);

/** When the world of a test begins. */
export const BEGIN_MS = Date.UTC(2026, 0, 5);

/** A world on a clock that the test advances, behind its endpoint on loopback. */
export async function startStack(components: readonly LocalComponent[], options: LocalAwsOptions = {}) {
  const clock = new VirtualClock();
  const world = new World(components, { clock, fleets: { gpu: STEADY_FLEET }, startsAtMs: BEGIN_MS });
  const aws = new LocalAws(world, { onEventFailure: () => {}, ...options });
  const endpoint = await listen(createAwsEndpoint(aws));
  const { url } = endpoint;

  const concurrencyOf = (id: string) =>
    (world.model(id)?.state.copies ?? []).reduce(
      (sum, copy) => sum + (copy.status === 'in-service' ? copy.concurrency : 0),
      0,
    );
  return {
    clock,
    world,
    aws,
    url,
    concurrencyOf,
    /** Of an AWS SDK client. */
    clientConfig: {
      endpoint: url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
    },
    /** The outcome of a call, while the clock moves on for as long as a copy works. */
    async inTime<T>(call: Promise<T>): Promise<T> {
      let isSettled = false;
      const settle = () => {
        isSettled = true;
      };
      call.then(settle, settle);
      await until(() => {
        if (world.models.some(({ id }) => concurrencyOf(id) > 0)) clock.advance(1000);
        return isSettled;
      });
      return call;
    },
    close: async () => {
      await aws.close();
      await endpoint.close();
    },
  };
}

export type Stack = Awaited<ReturnType<typeof startStack>>;

/** Lets the event loop turn until the condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  if (condition()) return;
  await nextTurn();
  await until(condition);
}

/** Lets everything go on that waits for no time, no network and no other process. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await nextTurn();
}

/** What a call was rejected with. */
export function rejectionOf(call: Promise<unknown>): Promise<any> {
  return call.then(
    (value) => {
      throw new Error(`not rejected, but resolved to ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
}
