import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { TunerDeployment } from '../../../core/scale/tuner-deployment';
import { handler } from '../../../lambda/tuner';
import { scalingService } from '../../../lambda/tuner/scaling-service';
import { tunerTable } from '../../../lambda/tuner/tuner-table';
import { inferenceComponent8b, type LocalComponent } from '../../../local';
import { iamCallsOf } from './aws-calls';
import type { IamCall } from './iam';
import type { RecordingAws } from './recording-aws';
import { type Deployed, tablesOf, variableOf } from './roles';

/** What IAM is asked while the tuner of a stack looks at its components and does everything that it can decide. */
export async function recordTuner(aws: RecordingAws, deployed: Deployed): Promise<IamCall[]> {
  const text = variableOf(deployed, 'COMPOUND_TUNER');
  process.env.COMPOUND_TUNER = text;
  const { components, table }: TunerDeployment = JSON.parse(text);
  const names = Object.values(components).map(({ inferenceComponentName }) => inferenceComponentName);
  aws.play({ components: names.map(componentOf), tables: tablesOf(deployed) });
  await handler({}, { awsRequestId: 'first', getRemainingTimeInMillis: () => 50_000 });

  const scaling = scalingService(new ApplicationAutoScalingClient({}));
  for (const name of names) {
    const resourceId = `inference-component/${name}`;
    await scaling.setMinimum(resourceId, 1);
    await scaling.expireMinimum(resourceId, 0, Date.now() + 3_600_000);
    await scaling.keepMinimum(resourceId);
    await scaling.putPolicy(
      resourceId,
      'concurrency',
      JSON.stringify({ TargetValue: 4, PredefinedMetricSpecification: METRIC }),
    );
  }
  const verdict = { verdict: 'kept', atMs: 0, reason: 'as good as before' } as const;
  await tunerTable(new DynamoDBClient({}), table).judgeEntry('writer', '2026-11-23T12:00:00.000Z', verdict);
  return aws.requests.flatMap((request) => iamCallsOf(request, { profiles: {}, modelKey: undefined, secretKeys: {} }));
}

const METRIC = {
  PredefinedMetricType: 'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution',
};

function componentOf(inferenceComponentName: string): LocalComponent {
  const backend = { type: 'sagemaker', endpointName: 'fleet', inferenceComponentName } as const;
  return { kind: 'chat-model', backend, behaviour: inferenceComponent8b, brain: () => '' };
}
