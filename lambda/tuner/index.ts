import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { scalingService } from './scaling-service';
import { tuner } from './tuner';
import { tunerTable } from './tuner-table';

/** Silence is an answer that will not come: a tick must end within its minute. */
const CLIENT = { maxAttempts: 3, requestHandler: { connectionTimeout: 5_000, socketTimeout: 10_000 } };

/** As it is: Lambda would put words before what the console takes, and CloudWatch would find no metrics in it. */
function writeLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

export const handler = tuner({
  services: (table) => ({
    cloudWatch: new CloudWatchClient(CLIENT),
    sageMaker: new SageMakerClient(CLIENT),
    scaling: scalingService(new ApplicationAutoScalingClient(CLIENT)),
    table: tunerTable(new DynamoDBClient(CLIENT), table),
    now: Date.now,
    publish: (fields) => writeLine(JSON.stringify(fields)),
  }),
  environment: process.env,
  log: writeLine,
});
