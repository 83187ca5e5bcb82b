import {
  type ApplicationAutoScalingClient,
  DeleteScheduledActionCommand,
  PutScalingPolicyCommand,
  PutScheduledActionCommand,
  paginateDescribeScalableTargets,
  paginateDescribeScalingActivities,
  paginateDescribeScalingPolicies,
  RegisterScalableTargetCommand,
  type ScalingPolicy,
  type TargetTrackingScalingPolicyConfiguration,
} from '@aws-sdk/client-application-auto-scaling';
import type { LivePolicy } from '../../core/scale';
import { SCALABLE_COPIES } from '../../core/scale/scalable-target';
import { errorLike } from '../backends/error-like';
import { inBatches, mapConcurrently } from './batches';

/** Of the names in one call, and of the items of one page (Application Auto Scaling API reference). */
const PAGE_SIZE = 50;

const CALLS_AT_ONCE = 4;

/** Of the scheduled action of each target that takes back what a tuner has raised that is no more. */
const EXPIRY_NAME = 'compound-tuner-expiry';

/** More starts than these within two ticks are not worth more calls. */
const MAX_ACTIVITY_PAGES = 10;

/** Bounds of the copies as they are live. */
export interface LiveBounds {
  readonly minCopies: number;
  readonly maxCopies: number;
}

/** A change of the number of copies that has been fulfilled. */
export interface ScalingActivity {
  readonly resourceId: string;
  readonly copies: number;
  /** In the service's words. */
  readonly cause: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

export type ScalingService = ReturnType<typeof scalingService>;

/** The calls of Application Auto Scaling that the tuner needs. */
export function scalingService(client: ApplicationAutoScalingClient) {
  return {
    /** By resource id. */
    async bounds(resourceIds: readonly string[]): Promise<ReadonlyMap<string, LiveBounds>> {
      const pages = await mapConcurrently(inBatches(resourceIds, PAGE_SIZE), CALLS_AT_ONCE, (ids) =>
        collect(
          paginateDescribeScalableTargets({ client }, { ...SCALABLE_COPIES, ResourceIds: ids }),
          ({ ScalableTargets = [] }) => ScalableTargets,
        ),
      );
      return new Map(
        pages
          .flat()
          .map(({ ResourceId, MinCapacity, MaxCapacity }) => [
            ResourceId!,
            { minCopies: MinCapacity!, maxCopies: MaxCapacity! },
          ]),
      );
    },

    /** Those that track a target, by resource id and name. */
    async policies(names: readonly string[]): Promise<ReadonlyMap<string, LivePolicy>> {
      const pages = await mapConcurrently(inBatches([...new Set(names)], PAGE_SIZE), CALLS_AT_ONCE, (some) =>
        collect(
          paginateDescribeScalingPolicies({ client }, { ...SCALABLE_COPIES, PolicyNames: some }),
          ({ ScalingPolicies = [] }) => ScalingPolicies,
        ),
      );
      const tracking = pages.flat().flatMap((policy) => livePolicyOf(policy) ?? []);
      return new Map(tracking.map(({ key, policy }) => [key, policy]));
    },

    /** Those that began since then and were fulfilled, of all components. */
    async activities(sinceMs: number): Promise<readonly ScalingActivity[]> {
      const found: ScalingActivity[] = [];
      let pages = 0;
      for await (const { ScalingActivities = [] } of paginateDescribeScalingActivities(
        { client, pageSize: PAGE_SIZE },
        // A copy: the paginator leaves the token of the last page in it.
        { ...SCALABLE_COPIES },
      )) {
        for (const { ResourceId, Description = '', Cause = '', StatusCode, StartTime, EndTime } of ScalingActivities) {
          const copies = Number(/ to (\d+)\.?$/.exec(Description)?.[1]);
          if (StatusCode !== 'Successful' || !StartTime || !EndTime || Number.isNaN(copies)) continue;
          found.push({
            resourceId: ResourceId!,
            copies,
            cause: Cause,
            startedAtMs: StartTime.getTime(),
            endedAtMs: EndTime.getTime(),
          });
        }
        const oldestMs = Math.min(...ScalingActivities.map(({ StartTime }) => StartTime?.getTime() ?? Infinity));
        if (oldestMs < sinceMs || ++pages >= MAX_ACTIVITY_PAGES) break;
      }
      return found.filter(({ startedAtMs }) => startedAtMs >= sinceMs);
    },

    /** @param document as a `LivePolicy` has it */
    async putPolicy(resourceId: string, policyName: string, document: string): Promise<void> {
      await client.send(
        new PutScalingPolicyCommand({
          ...SCALABLE_COPIES,
          ResourceId: resourceId,
          PolicyName: policyName,
          PolicyType: 'TargetTrackingScaling',
          TargetTrackingScalingPolicyConfiguration: parseDocument(document),
        }),
      );
    },

    /** The maximum stays as it is. */
    async setMinimum(resourceId: string, copies: number): Promise<void> {
      await client.send(
        new RegisterScalableTargetCommand({
          ...SCALABLE_COPIES,
          ResourceId: resourceId,
          MinCapacity: copies,
        }),
      );
    },

    /** Makes the minimum be so many copies at that time, in place of what was said of it before. */
    async expireMinimum(resourceId: string, copies: number, atMs: number): Promise<void> {
      await client.send(
        new PutScheduledActionCommand({
          ...SCALABLE_COPIES,
          ResourceId: resourceId,
          ScheduledActionName: EXPIRY_NAME,
          Schedule: `at(${new Date(atMs).toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length)})`,
          ScalableTargetAction: { MinCapacity: copies },
        }),
      );
    },

    /** The minimum stays as it is. */
    async keepMinimum(resourceId: string): Promise<void> {
      try {
        await client.send(
          new DeleteScheduledActionCommand({
            ...SCALABLE_COPIES,
            ResourceId: resourceId,
            ScheduledActionName: EXPIRY_NAME,
          }),
        );
      } catch (error) {
        if (errorLike(error).name !== 'ObjectNotFoundException') throw error;
      }
    },
  };
}

export const policyKey = (resourceId: string, policyName: string) => `${resourceId} ${policyName}`;

export function parseDocument(document: string): TargetTrackingScalingPolicyConfiguration {
  return JSON.parse(document);
}

/** With sorted keys, so that equal policies are equal texts. */
export function toDocument(configuration: TargetTrackingScalingPolicyConfiguration): string {
  return JSON.stringify(configuration, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

function livePolicyOf(policy: ScalingPolicy): { readonly key: string; readonly policy: LivePolicy } | undefined {
  const { ResourceId, PolicyName, TargetTrackingScalingPolicyConfiguration: configuration } = policy;
  if (configuration?.TargetValue === undefined) return undefined;
  return {
    key: policyKey(ResourceId!, PolicyName!),
    policy: {
      target: configuration.TargetValue,
      scaleOutCooldownSeconds: configuration.ScaleOutCooldown ?? 0,
      scaleInCooldownSeconds: configuration.ScaleInCooldown ?? 0,
      document: toDocument(configuration),
    },
  };
}

async function collect<Page, Item>(
  pages: AsyncIterable<Page>,
  itemsOf: (page: Page) => readonly Item[],
): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of pages) items.push(...itemsOf(page));
  return items;
}
