import type { Duration } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnInferenceComponent } from 'aws-cdk-lib/aws-sagemaker';

/** How many copies one step of an update replaces. */
export class CopyBatch {
  /** A number of copies. */
  public static copies(count: number): CopyBatch {
    return new CopyBatch('COPY_COUNT', count);
  }

  /** A share of the copies. */
  public static percent(percent: number): CopyBatch {
    return new CopyBatch('CAPACITY_PERCENT', percent);
  }

  private constructor(
    /** @internal */
    public readonly _type: 'COPY_COUNT' | 'CAPACITY_PERCENT',
    /** @internal */
    public readonly _value: number,
  ) {}
}

/** How the copies of a component are replaced when what it runs changes. */
export interface RollingUpdate {
  /** Copies replaced in one step: 5 % to 50 % of them. */
  readonly batch: CopyBatch;
  /** Time that new copies must serve without an alarm before the next step; at most an hour. */
  readonly bakeTime: Duration;
  /**
   * Time for the whole update, 10 minutes to 8 hours.
   *
   * @default - SageMaker decides
   */
  readonly timeout?: Duration;
  /**
   * Copies brought back in one step of a rollback.
   *
   * @default - all at once
   */
  readonly rollbackBatch?: CopyBatch;
}

/** The update as the service wants it. */
export function renderRollingUpdate(
  update: RollingUpdate,
  rollbackAlarms: readonly IAlarm[],
): CfnInferenceComponent.InferenceComponentDeploymentConfigProperty {
  return {
    rollingUpdatePolicy: {
      maximumBatchSize: renderBatch(update.batch),
      waitIntervalInSeconds: update.bakeTime.toSeconds(),
      maximumExecutionTimeoutInSeconds: update.timeout?.toSeconds(),
      rollbackMaximumBatchSize: update.rollbackBatch && renderBatch(update.rollbackBatch),
    },
    autoRollbackConfiguration:
      rollbackAlarms.length === 0 ? undefined : { alarms: rollbackAlarms.map(({ alarmName }) => ({ alarmName })) },
  };
}

function renderBatch({ _type, _value }: CopyBatch): CfnInferenceComponent.InferenceComponentCapacitySizeProperty {
  return { type: _type, value: _value };
}
