import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { scalingService } from './scaling-service';
import { tuner } from './tuner';
import { tunerTable } from './tuner-table';

/** Silence is an answer that will not come: a tick must end within its minute. */
const CLIENT = { maxAttempts: 3, requestHandler: { connectionTimeout: 5_000, socketTimeout: 10_000 } };

export const handler = tuner({
  services: (table) => ({
    cloudWatch: new CloudWatchClient(CLIENT),
    sageMaker: new SageMakerClient(CLIENT),
    scaling: scalingService(new ApplicationAutoScalingClient(CLIENT)),
    table: tunerTable(new DynamoDBClient(CLIENT), table),
    now: Date.now,
  }),
  environment: process.env,
  log: console.log,
});
