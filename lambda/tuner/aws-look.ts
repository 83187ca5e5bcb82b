import type { LivePolicy } from '../../core/scale';
import { scalableResourceId } from '../../core/scale/scalable-target';
import { callersOf, type TunedComponent, type TunerDeployment } from '../../core/scale/tuner-deployment';
import { MINUTE_MS } from '../../core/time-units';
import { errorLike } from '../backends/error-like';
import { groupBy, mapConcurrently } from './batches';
import { unreadFromMs } from './component-history';
import { componentQueries, type MeasuredComponent, measureComponent } from './component-metrics';
import type { KeptComponent } from './component-state';
import { type Copies, readCopies } from './copies';
import { MetricFault, type MetricQuery, readMetrics, type Series } from './metric-data';
import { type LiveBounds, policyKey, type ScalingActivity } from './scaling-service';
import type { TunerServices } from './services';

/** What AWS tells of one component at one tick. */
export interface Look {
  readonly policy: LivePolicy;
  readonly bounds: LiveBounds;
  readonly copies: Copies;
  readonly activities: readonly ScalingActivity[];
  readonly measured: MeasuredComponent;
}

/** Why a component cannot be judged now. */
export interface Blind {
  readonly fault: string;
}

/** What is measured of a minute can be read one minute later: the one that has just ended is not out yet. */
const PUBLICATION_MS = 60_000;

const ACTIVITIES_MS = 24 * 3_600_000;

/** SageMaker does not publish how often it may be asked. */
const DESCRIBES_AT_ONCE = 10;

/** A component that has been read this recently goes with all others; one that was left alone reads its own past. */
const RECENT_MS = 10 * MINUTE_MS;

/** Looks at all components at once. What cannot be read of one makes only that one blind. */
export async function lookAt(
  { cloudWatch, scaling, sageMaker }: TunerServices,
  deployment: TunerDeployment,
  kept: ReadonlyMap<string, KeptComponent>,
  nowMs: number,
): Promise<ReadonlyMap<string, Look | Blind>> {
  const components = Object.entries(deployment.components);
  const resourceIds = components.map(([, component]) => scalableResourceId(component));
  const [bounds, policies, activities, copies, measured] = await Promise.all([
    attempt('the scalable targets', scaling.bounds(resourceIds)),
    attempt('the scaling policies', scaling.policies(components.map(([, { policyName }]) => policyName))),
    // Without them the times of earlier starts go on to count.
    scaling.activities(nowMs - ACTIVITIES_MS).catch((): ScalingActivity[] => []),
    mapConcurrently(components, DESCRIBES_AT_ONCE, ([, { inferenceComponentName }]) =>
      attempt('the copies', readCopies(sageMaker, inferenceComponentName)),
    ),
    measureAll(cloudWatch, deployment, kept, nowMs),
  ]);
  const byResource = groupBy(activities, ({ resourceId }) => resourceId);
  return new Map(
    components.map(([name, component], i): [string, Look | Blind] => {
      const seen = copies[i]!;
      const metrics = measured.get(name)!;
      if ('fault' in bounds) return [name, bounds];
      if ('fault' in policies) return [name, policies];
      if ('fault' in seen) return [name, seen];
      if ('fault' in metrics) return [name, metrics];
      return [name, together(component, bounds, policies, seen, metrics, byResource.get(resourceIds[i]!) ?? [])];
    }),
  );
}

function together(
  component: TunedComponent,
  bounds: ReadonlyMap<string, LiveBounds>,
  policies: ReadonlyMap<string, LivePolicy>,
  copies: Copies,
  measured: MeasuredComponent,
  activities: readonly ScalingActivity[],
): Look | Blind {
  const resourceId = scalableResourceId(component);
  const live = bounds.get(resourceId);
  const policy = policies.get(policyKey(resourceId, component.policyName));
  if (!live) return { fault: `${resourceId} is no scalable target` };
  if (!policy) return { fault: `${resourceId} has no target tracking policy named ${component.policyName}` };
  return { policy, bounds: live, copies, activities, measured };
}

/** What has not been read yet. */
async function measureAll(
  client: TunerServices['cloudWatch'],
  deployment: TunerDeployment,
  kept: ReadonlyMap<string, KeptComponent>,
  nowMs: number,
): Promise<ReadonlyMap<string, MeasuredComponent | Blind>> {
  const endMs = Math.floor((nowMs - PUBLICATION_MS) / MINUTE_MS) * MINUTE_MS;
  const plans = Object.entries(deployment.components).map(([name, component]) => {
    const callers = callersOf(deployment, name);
    const fromMs = unreadFromMs(kept.get(name)!.history, endMs);
    return { name, callers, fromMs, queries: componentQueries(component, callers) };
  });
  const isRecent = ({ fromMs }: { readonly fromMs: number }) => fromMs >= endMs - RECENT_MS;
  const found = new Map<string, MeasuredComponent | Blind>();
  for (const some of [plans.filter(isRecent), plans.filter((plan) => !isRecent(plan))]) {
    if (some.length === 0) continue;
    const fromMs = Math.min(...some.map((plan) => plan.fromMs));
    const results = await readMetrics(
      client,
      some.flatMap<MetricQuery>(({ queries }) => queries),
      fromMs,
      endMs,
    );
    let at = 0;
    for (const { name, callers, queries } of some) {
      found.set(name, measuredOf(results.slice(at, at + queries.length), callers, endMs));
      at += queries.length;
    }
  }
  return found;
}

function measuredOf(
  series: readonly (Series | MetricFault)[],
  callers: Parameters<typeof measureComponent>[1],
  endMs: number,
): MeasuredComponent | Blind {
  try {
    return measureComponent(series, callers, endMs);
  } catch (error) {
    if (error instanceof MetricFault) return { fault: error.message };
    throw error;
  }
}

async function attempt<T extends object>(what: string, call: Promise<T>): Promise<T | Blind> {
  try {
    return await call;
  } catch (error) {
    const { name = 'Error', message = '' } = errorLike(error);
    return { fault: `${what} could not be read: ${name}: ${message}` };
  }
}
