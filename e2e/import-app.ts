import { App, CfnWaitCondition, CfnWaitConditionHandle, Duration, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ImportedModel } from 'cdk-compound-inference';
import { ACCOUNT, REGION } from './account';

// A stack whose creation fails while its import still runs.
const stack = new Stack(new App(), 'E2eImport', { env: { account: ACCOUNT, region: REGION } });
const bucket = Bucket.fromBucketName(stack, 'Weights', 'slow-weights');
const model = new ImportedModel(stack, 'Slow', {
  weights: { bucket, prefix: 'slow/' },
  importTimeout: Duration.minutes(110),
});

// Nobody signals it: it fails between the two resources that wait for the import.
const handle = new CfnWaitConditionHandle(stack, 'Handle');
const never = new CfnWaitCondition(stack, 'Never', { handle: handle.ref, timeout: '1', count: 1 });
never.node.addDependency(model.node.findChild('Resource'));
model.node.findChild('Ready').node.addDependency(never);
