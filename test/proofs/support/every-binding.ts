import { Stack, Tags } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Alias, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import {
  Agent,
  FoundationModel,
  HttpService,
  ImportedModel,
  InferenceFleet,
  InferenceInstanceType,
  InferenceModel,
  InferenceProfile,
  LambdaTool,
  ModelImage,
  SageMakerEndpoint,
} from 'cdk-compound-inference';
import { graph, model, tool } from 'cdk-compound-inference/graph';
import type { Construct } from 'constructs';
import * as z from 'zod';
import { ACCOUNT, REGION } from '../../support/resolve-template';

const anything = { input: z.looseObject({}), output: z.unknown() };

const PROFILE = 'us.amazon.nova-pro-v1:0';
const APPLICATION_PROFILE = `arn:aws:bedrock:${REGION}:${ACCOUNT}:application-inference-profile/abcdefghijkl`;

/** The models behind the profiles, and where the profiles route. */
export const PROFILES = {
  [PROFILE]: { modelId: 'amazon.nova-pro-v1:0', regions: ['us-east-1', 'us-east-2', 'us-west-2'] },
  [APPLICATION_PROFILE]: { modelId: 'amazon.nova-micro-v1:0', regions: [REGION] },
};

/** An agent with a component of every kind that can be bound; each is called once. */
export const everyBinding = graph('every-binding', { input: z.object({}), output: z.object({}) })
  .node('component', { call: model('component'), input: () => 'hello' })
  .node('adapter', { call: model('adapter'), input: () => 'hello' })
  .node('endpoint', { call: model('endpoint'), input: () => 'hello' })
  .node('named', { call: model('named'), input: () => 'hello' })
  .node('imported', { call: model('imported'), input: () => 'hello' })
  .node('foundation', { call: model('foundation', { format: 'converse' }), input: () => 'hello' })
  .node('profile', { call: model('profile', { format: 'converse' }), input: () => 'hello' })
  .node('application', { call: model('application', { format: 'converse' }), input: () => 'hello' })
  .node('service', { call: tool('service', anything), input: () => ({}) })
  .node('alias', { call: tool('alias', anything), input: () => ({}) })
  .output(
    [
      'component',
      'adapter',
      'endpoint',
      'named',
      'imported',
      'foundation',
      'profile',
      'application',
      'service',
      'alias',
    ],
    () => ({}),
  );

/** The agent in a VPC, with keys of its own wherever there can be one, and more configuration than fits its environment. */
export class EveryBindingStack extends Stack {
  constructor(scope: Construct, id: string, serviceUrl: string) {
    super(scope, id, { env: { region: REGION } });

    const vpc = Vpc.fromVpcAttributes(this, 'Vpc', {
      vpcId: 'vpc-0123456789abcdef0',
      availabilityZones: [`${REGION}a`],
      privateSubnetIds: ['subnet-0123456789abcdef0'],
      privateSubnetRouteTableIds: ['rtb-0123456789abcdef0'],
    });
    const weights = new Bucket(this, 'Weights', { encryption: BucketEncryption.KMS });

    const fleet = new InferenceFleet(this, 'Gpu', {
      instanceTypes: [
        InferenceInstanceType.of('ml.inf2.8xlarge', { accelerators: 1, memoryGiB: 128, vcpus: 32, hasNvme: false }),
      ],
      maxInstances: 1,
      volumeKey: new Key(this, 'VolumeKey'),
      vpc,
    });
    const component = fleet.addComponent('Component', {
      model: InferenceModel.fromContainer({
        image: ModelImage.fromUri(`763104351884.dkr.ecr.${REGION}.amazonaws.com/djl-inference:0.33.0`),
        artifact: { bucket: weights, key: 'component/v1.tar.gz' },
      }),
      resources: { accelerators: 1, memoryMiB: 16_384 },
    });
    const adapter = component.addAdapter('Adapter', { artifact: { bucket: weights, key: 'adapter/v1.tar.gz' } });

    const imported = new ImportedModel(this, 'Imported', {
      weights: { bucket: weights, prefix: 'imported/v1' },
      encryptionKey: new Key(this, 'ModelKey'),
      network: { vpc },
    });
    Tags.of(imported).add('team', 'support');

    const search = new LambdaFunction(this, 'Search', {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async () => ({});'),
    });

    new Agent(this, 'Agent', {
      graph: everyBinding,
      code: Code.fromInline('exports.handler = async () => ({});'),
      vpc,
      tenantLimits: { concurrency: 10, throttling: { rateLimit: 5, burstLimit: 10 } },
      components: {
        component,
        adapter,
        endpoint: SageMakerEndpoint.fromEndpointName('Ranker-V2'),
        named: SageMakerEndpoint.fromEndpointName('judges', { inferenceComponentName: 'Judge-V2' }),
        imported,
        foundation: FoundationModel.fromModelId('amazon.nova-lite-v1:0'),
        profile: InferenceProfile.fromProfileId(PROFILE),
        application: InferenceProfile.fromApplicationProfileAttributes({
          profileArn: APPLICATION_PROFILE,
          modelId: PROFILES[APPLICATION_PROFILE].modelId,
        }),
        service: new HttpService({
          url: serviceUrl,
          allowPlainHttp: true,
          secret: new Secret(this, 'ServiceKey', { encryptionKey: new Key(this, 'SecretsKey') }),
          // So much that the configuration goes to a secret.
          headers: { 'x-tenant': 'support'.repeat(250) },
        }),
        alias: LambdaTool.fromFunction(new Alias(this, 'Live', { aliasName: 'live', version: search.currentVersion })),
      },
    });
  }
}
