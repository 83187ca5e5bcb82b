import { type App, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { InferenceComponent } from '../../../lib/fleet/inference-component';
import { InferenceFleet } from '../../../lib/fleet/inference-fleet';
import { InferenceModel } from '../../../lib/fleet/inference-model';
import { ModelImage } from '../../../lib/fleet/model-image';
import { newFleet, stackInRegion } from './component-world';

const COMPONENT = 'AWS::SageMaker::InferenceComponent';
const POLICY = 'AWS::IAM::Policy';

/** A component with weights and an image of its own stack, and an adapter. */
function place(scope: Construct, fleet: InferenceComponent['fleet']): void {
  const bucket = new Bucket(scope, 'Weights', { encryptionKey: new Key(scope, 'Key') });
  const image = ModelImage.fromEcrRepository(new Repository(scope, 'Images'), 'v3');
  const writer = new InferenceComponent(scope, 'Writer', {
    fleet,
    model: InferenceModel.fromContainer({ image, artifact: { bucket, key: 'writer/v1.tar.gz' } }),
    resources: { accelerators: 1, memoryMiB: 1024 },
  });
  writer.addAdapter('Legal', { artifact: { bucket, key: 'legal/v1.tar.gz' } });
}

/** What a stack permits its components to read, and on what they wait. */
function readingsIn(template: Template) {
  const policies = template.findResources(POLICY);
  const components = Object.values(template.findResources(COMPONENT));
  return {
    policies,
    waitedFor: components.map(({ DependsOn }) => DependsOn),
    actions: Object.values(policies).flatMap(({ Properties }) =>
      Properties.PolicyDocument.Statement.map(({ Action }: { Action: unknown }) => Action),
    ),
  };
}

const ACTIONS = [
  's3:GetObject',
  'kms:Decrypt',
  'ecr:GetAuthorizationToken',
  ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'],
];

describe('a component in another stack than its fleet', () => {
  const models = stackInRegion('Models');
  const fleet = newFleet(models);
  const writers = stackInRegion('Writers', models.node.root as App);
  place(writers, fleet);
  const template = Template.fromStack(writers);

  test('may read what its own stack has, in one policy for all components there, before it starts', () => {
    const { policies, waitedFor, actions } = readingsIn(template);
    const [id] = Object.keys(policies);
    expect(Object.keys(policies)).toHaveLength(1);
    expect(waitedFor).toEqual([[id], [id]]);
    expect(actions.map(String).toSorted()).toEqual(ACTIONS.map(sorted).toSorted());
    expect(policies[id!]?.Properties.Roles).toEqual([
      { 'Fn::ImportValue': expect.stringContaining('ExportsOutputRefFleetRole') },
    ]);
  });

  test('leaves the stack of the fleet as it is', () => {
    Template.fromStack(models).resourceCountIs(POLICY, 0);
  });
});

/** Actions come in the order of the CDK's own grants; a policy that is made small sorts them. */
function sorted(actions: string | string[]): string {
  return String([actions].flat().toSorted());
}

describe('components in nested stacks', () => {
  const models = stackInRegion('Models');
  const fleet = newFleet(models);
  const nested = ['German', 'French'].map((id) => new NestedStack(models, id));
  for (const stack of nested) place(stack, fleet);
  const templates = nested.map((stack) => Template.fromStack(stack));

  test('may read what their own stack has, and the fleet needs none of these stacks', () => {
    for (const template of templates) {
      const { policies, actions } = readingsIn(template);
      expect(Object.keys(policies)).toHaveLength(1);
      expect(actions).toHaveLength(ACTIONS.length);
    }
    Template.fromStack(models).resourceCountIs(POLICY, 0);
  });

  test('do not take the policies of the role from each other', () => {
    const names = templates.flatMap((template) =>
      Object.values(template.findResources(POLICY)).map(({ Properties }) => Properties.PolicyName),
    );
    expect(new Set(names).size).toBe(2);
  });
});

test('a role that must not be changed is not', () => {
  const models = stackInRegion('Models');
  const role = Role.fromRoleName(models, 'Role', 'shared', { mutable: false });
  const fleet = InferenceFleet.fromFleetAttributes(models, 'Fleet', { endpointName: 'shared', role });
  const writers = new NestedStack(models, 'Writers');
  place(writers, fleet);
  Template.fromStack(writers).resourceCountIs(POLICY, 0);
});

test('what a role of a fleet may read of many components stays small enough for a role', () => {
  const models = stackInRegion('Models');
  const fleet = newFleet(models);
  const writers = new NestedStack(models, 'Writers');
  const bucket = Bucket.fromBucketName(writers, 'Weights', 'weights');
  const image = ModelImage.fromUri('763104351884.dkr.ecr.eu-central-1.amazonaws.com/djl-inference:0.33.0');
  for (let i = 0; i < 50; i++) {
    new InferenceComponent(writers, `Writer${i}`, {
      fleet,
      model: InferenceModel.fromContainer({ image, artifact: { bucket, key: `writer-${i}/v1.tar.gz` } }),
      resources: { memoryMiB: 1024 },
    });
  }
  const [policy] = Object.values(Template.fromStack(writers).findResources(POLICY));
  const text = JSON.stringify(Stack.of(writers).resolve(policy?.Properties.PolicyDocument));
  expect(policy?.Properties.PolicyDocument.Statement).toHaveLength(3);
  expect(text.length).toBeLessThan(10_240);
});
