import type { Duration } from 'aws-cdk-lib';

export interface ConsolidationOptions {
  /**
   * Most instances to release at a time, 1 to 100.
   *
   * @default 1
   */
  readonly maxStep?: number;

  /**
   * How long the endpoint must have been at rest before copies are moved, 5 minutes to a day, in whole minutes.
   *
   * @default Duration.minutes(20)
   */
  readonly cooldown?: Duration;
}

/**
 * How a fleet gets rid of instances that it does not need.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantManagedInstanceScalingScaleInPolicy.html
 */
export class ScaleInPolicy {
  /** Releases an instance when its last copy has gone. */
  public static readonly IDLE_RELEASE = new ScaleInPolicy('IDLE_RELEASE');

  /** Moves copies together as well, so that more instances become idle. */
  public static consolidation(options: ConsolidationOptions = {}): ScaleInPolicy {
    return new ScaleInPolicy('CONSOLIDATION', options);
  }

  private constructor(
    /** As the SageMaker API calls it. */
    public readonly name: string,
    /** Of consolidation only. */
    public readonly options: ConsolidationOptions = {},
  ) {}
}
