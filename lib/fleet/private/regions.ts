/**
 * Regions in which CloudFormation knows `AWS::SageMaker::InferenceComponent`, as the rules of aws-cdk-lib 2.276 have them
 * (`@aws/cloudformation-validate`).
 */
export const REGIONS_WITH_COMPONENTS: ReadonlySet<string> = new Set([
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
