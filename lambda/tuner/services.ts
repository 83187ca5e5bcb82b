import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { KillSwitch } from './kill-switch';
import type { ScalingService } from './scaling-service';
import type { TunerTable } from './tuner-table';

/** Everything outside that a tick needs. */
export interface TunerServices {
  readonly cloudWatch: CloudWatchClient;
  readonly sageMaker: SageMakerClient;
  readonly scaling: ScalingService;
  readonly table: TunerTable;
  readonly killSwitch: KillSwitch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Takes metrics, as fields of a log line. */
  readonly publish: (fields: Readonly<Record<string, unknown>>) => void;
}
