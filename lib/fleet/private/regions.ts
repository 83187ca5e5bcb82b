import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { known, show, warn } from '../../private/checks';

/**
 * Regions in which CloudFormation knows `AWS::SageMaker::InferenceComponent`, as the rules of aws-cdk-lib 2.276 have them
 * (`@aws/cloudformation-validate`).
 */
const REGIONS_WITH_COMPONENTS: ReadonlySet<string> = new Set([
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'me-central-1',
  'me-south-1',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-2',
]);

/** Warns only: the list may lag behind the service. */
export function warnOfRegion(fleet: IConstruct): void {
  const region = known(Stack.of(fleet).region);
  if (region === undefined || REGIONS_WITH_COMPONENTS.has(region)) return;
  const regions = [...REGIONS_WITH_COMPONENTS].join(', ');
  warn(
    fleet,
    'fleet/region',
    `${show(region)} has no inference components as far as is known: use one of ${regions}, or acknowledge this if it has them now`,
  );
}
