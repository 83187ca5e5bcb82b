import { CONCURRENCY_METRIC, SCALABLE_COPIES, scalableResourceId } from '../../core/scale/scalable-target';
import { errorLike } from '../backends/error-like';
import { perRegion, sdkConfig } from '../backends/sdk';

/** What of SageMaker and Application Auto Scaling warming needs. */
export interface ControlPlane {
  copies(component: ComponentName): Promise<Copies>;
  /** @returns undefined if the component has no scalable target */
  target(component: ComponentName): Promise<Target | undefined>;
  /** Calls that a copy is to serve at once. @returns undefined if no policy tracks that */
  targetConcurrency(component: ComponentName): Promise<number | undefined>;
  setMinimum(component: ComponentName, minimum: number): Promise<void>;
  setCopies(component: ComponentName, copies: number): Promise<void>;
}

export interface ComponentName {
  readonly inferenceComponentName: string;
  readonly region?: string;
}

export interface Copies {
  /** Those that serve. */
  readonly copies: number;
  readonly desiredCopies: number;
}

export interface Target {
  readonly minimum: number;
  readonly maximum: number;
}

/** Every operation answers in a second; whoever has waited for longer than this was to take must not act any more. */
const TIMEOUT_MS = 4_000;
const MAX_ATTEMPTS = 3;

/** The most that all tries of an operation take, with the pauses between them. */
export const OPERATION_MS = MAX_ATTEMPTS * TIMEOUT_MS + 3_000;

/** Clients for each region, made at their first use there. */
export function controlPlane(): ControlPlane {
  const sageMaker = perRegion(async (region) => {
    const { DescribeInferenceComponentCommand, SageMakerClient, UpdateInferenceComponentRuntimeConfigCommand } =
      await import('#cdk-compound-inference/sagemaker');
    const client = new SageMakerClient({ ...(await sdkConfig(TIMEOUT_MS, region)), maxAttempts: MAX_ATTEMPTS });
    return { client, DescribeInferenceComponentCommand, UpdateInferenceComponentRuntimeConfigCommand };
  });
  const autoScaling = perRegion(async (region) => {
    const {
      ApplicationAutoScalingClient,
      DescribeScalableTargetsCommand,
      DescribeScalingPoliciesCommand,
      RegisterScalableTargetCommand,
    } = await import('#cdk-compound-inference/application-auto-scaling');
    const config = { ...(await sdkConfig(TIMEOUT_MS, region)), maxAttempts: MAX_ATTEMPTS };
    const client = new ApplicationAutoScalingClient(config);
    return { client, DescribeScalableTargetsCommand, DescribeScalingPoliciesCommand, RegisterScalableTargetCommand };
  });
  const limit = () => ({ abortSignal: AbortSignal.timeout(OPERATION_MS) });

  return {
    async copies({ inferenceComponentName, region }) {
      const { client, DescribeInferenceComponentCommand } = await sageMaker(region);
      const command = new DescribeInferenceComponentCommand({ InferenceComponentName: inferenceComponentName });
      const { RuntimeConfig } = await client.send(command, limit());
      const copies = RuntimeConfig?.CurrentCopyCount ?? 0;
      return { copies, desiredCopies: RuntimeConfig?.DesiredCopyCount ?? copies };
    },

    async target(component) {
      const { client, DescribeScalableTargetsCommand } = await autoScaling(component.region);
      const command = new DescribeScalableTargetsCommand({
        ...SCALABLE_COPIES,
        ResourceIds: [scalableResourceId(component)],
      });
      const target = (await client.send(command, limit())).ScalableTargets?.[0];
      return target && { minimum: target.MinCapacity!, maximum: target.MaxCapacity! };
    },

    async targetConcurrency(component) {
      const { client, DescribeScalingPoliciesCommand } = await autoScaling(component.region);
      const command = new DescribeScalingPoliciesCommand({
        ...SCALABLE_COPIES,
        ResourceId: scalableResourceId(component),
      });
      // One short try: whoever looks it up waits for it to learn of copies.
      const { ScalingPolicies = [] } = await client.send(command, { abortSignal: AbortSignal.timeout(TIMEOUT_MS) });
      const configurations = ScalingPolicies.map((policy) => policy.TargetTrackingScalingPolicyConfiguration);
      const tracking = configurations.find(
        (each) => each?.PredefinedMetricSpecification?.PredefinedMetricType === CONCURRENCY_METRIC,
      );
      return tracking?.TargetValue;
    },

    async setMinimum(component, minimum) {
      const { client, RegisterScalableTargetCommand } = await autoScaling(component.region);
      const target = { ...SCALABLE_COPIES, ResourceId: scalableResourceId(component) };
      await client.send(new RegisterScalableTargetCommand({ ...target, MinCapacity: minimum }), limit());
    },

    async setCopies({ inferenceComponentName, region }, copies) {
      const { client, UpdateInferenceComponentRuntimeConfigCommand } = await sageMaker(region);
      const command = new UpdateInferenceComponentRuntimeConfigCommand({
        InferenceComponentName: inferenceComponentName,
        DesiredRuntimeConfig: { CopyCount: copies },
      });
      await client.send(command, limit());
    },
  };
}

/** Whether a component is gone for good. SageMaker says so as a fault of the request. */
export function isMissing(error: unknown): boolean {
  const { name, message = '' } = errorLike(error);
  return name === 'ResourceNotFound' || (name === 'ValidationException' && /could not find/i.test(message));
}
