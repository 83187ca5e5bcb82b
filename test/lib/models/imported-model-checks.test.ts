import { Aws, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ImportedModel } from '../../../lib/models/imported-model';
import { ModelArchitecture } from '../../../lib/models/imported-model-architecture';
import type { ImportedModelProps } from '../../../lib/models/imported-model-props';
import { faultsOf } from '../support/faults-of';
import { ENV, importedModel, modelStack } from './model-stack';

const weights = (stack: Stack, prefix: string) => ({
  bucket: Bucket.fromBucketName(stack, 'Bucket', 'models'),
  prefix,
});

test.each<[string, (stack: Stack) => Partial<ImportedModelProps>]>([
  [
    'weights.prefix: must name the folder that holds config.json and the weights, not the whole bucket, got: "/" [imported-model/weights]',
    (stack) => ({ weights: weights(stack, '/') }),
  ],
  [
    'weights.prefix: must name the folder that holds config.json and the weights, not the whole bucket, got: "" [imported-model/weights]',
    (stack) => ({ weights: weights(stack, '') }),
  ],
  [
    'weights.prefix: must be a key in the bucket, as in "writer/v3", without the bucket and a slash before it, got: "s3://models/writer" [imported-model/weights]',
    (stack) => ({ weights: weights(stack, 's3://models/writer') }),
  ],
  [
    'weights.prefix: must be a key in the bucket, as in "writer/v3", without the bucket and a slash before it, got: "/writer" [imported-model/weights]',
    (stack) => ({ weights: weights(stack, '/writer') }),
  ],
  [
    'weights.prefix: must not hold *, ? or $, which would permit to read more than this folder, got: "writer/*" [imported-model/weights]',
    (stack) => ({ weights: weights(stack, 'writer/*') }),
  ],
  [
    'modelNamePrefix: must be 1 to 40 letters, digits and single hyphens between them, got: "a_b" [imported-model/name-prefix]',
    () => ({ modelNamePrefix: 'a_b' }),
  ],
  [
    `modelNamePrefix: must be 1 to 40 letters, digits and single hyphens between them, got: "${'a'.repeat(41)}" [imported-model/name-prefix]`,
    () => ({ modelNamePrefix: 'a'.repeat(41) }),
  ],
  [
    'network.subnets: selects no subnet of Support/Vpc: name subnets that it has [imported-model/network]',
    (stack) => ({ network: { vpc: new Vpc(stack, 'Vpc'), subnets: { subnets: [] } } }),
  ],
  [
    'network.securityGroups: must not be empty: leave it out for one that allows all outbound traffic [imported-model/network]',
    (stack) => ({ network: { vpc: new Vpc(stack, 'Vpc'), securityGroups: [] } }),
  ],
  [
    'importTimeout: must be 55 minutes to 12 hours, got: 1800 seconds [imported-model/import-timeout]',
    () => ({ importTimeout: Duration.minutes(30) }),
  ],
  [
    'importTimeout: must be 55 minutes to 12 hours, got: 46800 seconds [imported-model/import-timeout]',
    () => ({ importTimeout: Duration.hours(13) }),
  ],
  [
    'importTimeout: must be 55 minutes to 12 hours, got: 0.5 seconds [imported-model/import-timeout]',
    () => ({ importTimeout: Duration.millis(500) }),
  ],
  [
    'importTimeout: must be known at synthesis, because it says how many resources wait for the import [imported-model/import-timeout]',
    () => ({ importTimeout: Duration.hours(Lazy.number({ produce: () => 1 })) }),
  ],
])('%s', (message, props) => {
  const stack = modelStack();
  expect(() => importedModel(stack, props(stack))).toThrow(`Support/Writer has 1 fault(s):\n  ${message}`);
});

test('a VPC without subnets of the kind asked for hides no other fault', () => {
  const stack = modelStack();
  const vpc = new Vpc(stack, 'Vpc', { subnetConfiguration: [{ name: 'Open', subnetType: SubnetType.PUBLIC }] });
  const network = { vpc, subnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS } };
  expect(faultsOf(() => importedModel(stack, { network, modelNamePrefix: 'a_b' }))).toMatchObject([
    {
      id: 'imported-model/network',
      field: 'network.subnets',
      message: expect.stringMatching(
        /^selects no subnet of Support\/Vpc \(There are no 'Private' subnet groups in this VPC/,
      ),
    },
    { id: 'imported-model/name-prefix' },
  ]);
});

test('a Region without Custom Model Import is refused', () => {
  expect(() => importedModel(modelStack({ ...ENV, region: 'eu-west-3' }))).toThrow(
    'weights: cannot be imported in eu-west-3, which has no Custom Model Import: deploy the stack to one of us-east-1, us-east-2, us-west-2, eu-central-1 [imported-model/region]',
  );
});

test('an architecture is refused where it cannot be imported', () => {
  const props = { architecture: ModelArchitecture.GPT_OSS };
  expect(() => importedModel(modelStack({ ...ENV, region: 'us-west-2' }), props)).toThrow(
    'architecture: GPT-OSS can be imported only in us-east-1, not in us-west-2: deploy the stack there, or take a model of another ' +
      'architecture [imported-model/architecture-region]',
  );
  expect(() => importedModel(modelStack(), props)).not.toThrow();
});

test('all faults are told at once', () => {
  const stack = modelStack({ ...ENV, region: 'eu-west-3' });
  expect(() => importedModel(stack, { weights: weights(stack, ''), modelNamePrefix: '-' })).toThrow('has 3 fault(s)');
});

test('what is known only at deployment is not checked', () => {
  const stack = new Stack();
  expect(() =>
    importedModel(stack, { weights: weights(stack, Aws.STACK_NAME), modelNamePrefix: Aws.STACK_NAME }),
  ).not.toThrow();
});

test('what is no ARN of an imported model is refused', () => {
  expect(() => ImportedModel.fromModelArn(modelStack(), 'Existing', 'amazon.nova-lite-v1:0')).toThrow(
    'Support/Existing has 1 fault(s):\n  modelArn: must be the ARN of an imported model, as in arn:aws:bedrock:us-east-1:123456789012:imported-model/abcdefghijkl, got: "amazon.nova-lite-v1:0" [imported-model/arn]',
  );
  expect(() => ImportedModel.fromModelArn(modelStack(), 'Existing', Aws.STACK_ID)).not.toThrow();
});
