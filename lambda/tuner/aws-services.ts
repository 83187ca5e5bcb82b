import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient, type CloudWatchClientConfig } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { killSwitch } from './kill-switch';
import { scalingService } from './scaling-service';
import type { TunerServices } from './services';
import { tunerTable } from './tuner-table';

/** What the clients of all services take. */
export type ClientConfig = Pick<
  CloudWatchClientConfig,
  'credentials' | 'endpoint' | 'maxAttempts' | 'region' | 'requestHandler'
>;

/** The services of AWS that a tick asks. */
export function awsServices(config: ClientConfig, table: string): Omit<TunerServices, 'now' | 'publish'> {
  const cloudWatch = new CloudWatchClient(config);
  // It would copy each answer for a log that nobody keeps: hundreds of thousands of points in the first tick.
  cloudWatch.middlewareStack.remove('loggerMiddleware');
  const dynamo = new DynamoDBClient(config);
  return {
    cloudWatch,
    sageMaker: new SageMakerClient(config),
    scaling: scalingService(new ApplicationAutoScalingClient(config)),
    table: tunerTable(dynamo, table),
    killSwitch: killSwitch(dynamo, table),
  };
}
