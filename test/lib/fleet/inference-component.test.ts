import { App, Aws, CfnParameter, Duration, PhysicalName, Stack, Stage, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { PlacementStrategy } from '../../../lib/fleet/copy-placement';
import { InferenceComponent } from '../../../lib/fleet/inference-component';
import { InferenceFleet } from '../../../lib/fleet/inference-fleet';
import { InferenceModel } from '../../../lib/fleet/inference-model';
import { ModelImage } from '../../../lib/fleet/model-image';
import { CopyBatch } from '../../../lib/fleet/rolling-update';
import { artifact, component, existingFleet, IMAGE, newFleet, stackInRegion } from './component-world';

const TYPE = 'AWS::SageMaker::InferenceComponent';

test('a component runs its container on the one variant of its fleet, with one copy to begin with', () => {
  const stack = stackInRegion();
  component(stack, {
    model: InferenceModel.fromContainer({
      image: ModelImage.fromUri(IMAGE),
      artifact: artifact(stack),
      environment: { OPTION_ROLLING_BATCH: 'vllm' },
      metrics: { path: '/server/metrics', interval: Duration.seconds(10) },
    }),
    resources: { accelerators: 2, cpuCores: 4, memoryMiB: 32_768 },
  });
  Template.fromStack(stack).hasResourceProperties(TYPE, {
    EndpointName: 'for-Writer',
    VariantName: 'AllTraffic',
    RuntimeConfig: { CopyCount: 1 },
    DeploymentConfig: Match.absent(),
    Specification: {
      Container: {
        Image: IMAGE,
        ArtifactUrl: 's3://weights/writer/v3.tar.gz',
        Environment: { OPTION_ROLLING_BATCH: 'vllm' },
        ContainerMetricsConfig: {
          MetricsEndpoints: [{ MetricsEndpointPath: '/server/metrics', MetricPublishFrequencyInSeconds: 10 }],
        },
      },
      ComputeResourceRequirements: {
        NumberOfAcceleratorDevicesRequired: 2,
        NumberOfCpuCoresRequired: 4,
        MinMemoryRequiredInMb: 32_768,
      },
      StartupParameters: Match.absent(),
      DataCacheConfig: Match.absent(),
      SchedulingConfig: Match.absent(),
    },
  });
});

test('start-up, cache, placement and rolling update are passed on', () => {
  const stack = stackInRegion();
  component(stack, {
    initialCopies: 4,
    modelDownloadTimeout: Duration.minutes(20),
    healthCheckTimeout: Duration.minutes(10),
    dataCache: false,
    placement: { strategy: PlacementStrategy.SPREAD },
    rollingUpdate: {
      batch: CopyBatch.percent(25),
      bakeTime: Duration.minutes(2),
      timeout: Duration.hours(2),
      rollbackBatch: CopyBatch.copies(2),
    },
  });
  Template.fromStack(stack).hasResourceProperties(TYPE, {
    RuntimeConfig: { CopyCount: 4 },
    DeploymentConfig: {
      RollingUpdatePolicy: {
        MaximumBatchSize: { Type: 'CAPACITY_PERCENT', Value: 25 },
        WaitIntervalInSeconds: 120,
        MaximumExecutionTimeoutInSeconds: 7200,
        RollbackMaximumBatchSize: { Type: 'COPY_COUNT', Value: 2 },
      },
      AutoRollbackConfiguration: Match.absent(),
    },
    Specification: Match.objectLike({
      StartupParameters: {
        ModelDataDownloadTimeoutInSeconds: 1200,
        ContainerStartupHealthCheckTimeoutInSeconds: 600,
      },
      DataCacheConfig: { EnableCaching: false },
      SchedulingConfig: {
        PlacementStrategy: 'SPREAD',
        AvailabilityZoneBalance: { EnforcementMode: 'PERMISSIVE', MaxImbalance: 0 },
      },
    }),
  });
});

test.each([
  [undefined, 100],
  [2, 2],
])('packed copies with a zone imbalance of %p differ by at most %p between zones', (maxZoneImbalance, expected) => {
  const stack = stackInRegion();
  component(stack, {
    placement: { strategy: PlacementStrategy.BINPACK, ...(maxZoneImbalance !== undefined && { maxZoneImbalance }) },
  });
  Template.fromStack(stack).hasResourceProperties(TYPE, {
    Specification: {
      SchedulingConfig: { PlacementStrategy: 'BINPACK', AvailabilityZoneBalance: { MaxImbalance: expected } },
    },
  });
});

test('a component runs a SageMaker model of the stack, or one by name', () => {
  const stack = stackInRegion();
  const model = new CfnModel(stack, 'Model', {});
  component(stack, { model: InferenceModel.fromSageMakerModel(model) }, 'OfStack');
  component(stack, { model: InferenceModel.fromSageMakerModelName('ranker') }, 'ByName');
  const template = Template.fromStack(stack);
  template.hasResourceProperties(TYPE, { Specification: { ModelName: 'ranker', Container: Match.absent() } });
  template.hasResourceProperties(TYPE, {
    Specification: { ModelName: { 'Fn::Select': [1, { 'Fn::Split': [':model/', { Ref: 'Model' }] }] } },
  });
});

test('tags of the stack reach the component', () => {
  const stack = stackInRegion();
  component(stack);
  Tags.of(stack).add('team', 'support');
  Template.fromStack(stack).hasResourceProperties(TYPE, { Tags: [{ Key: 'team', Value: 'support' }] });
});

describe('what the instances may read', () => {
  const policyStatements = (stack: Stack) => {
    const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    return policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
  };

  test('an image in the registry of another account, and nothing else there', () => {
    const stack = stackInRegion();
    component(stack, { fleet: newFleet(stack) });
    expect(policyStatements(stack)).toEqual([
      {
        Effect: 'Allow',
        Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        Resource: {
          'Fn::Join': [
            '',
            ['arn:', { Ref: 'AWS::Partition' }, ':ecr:eu-central-1:763104351884:repository/djl-inference'],
          ],
        },
      },
      { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
    ]);
  });

  test('an image in the Region of a stack that may be deployed anywhere', () => {
    const stack = new Stack(new App(), 'Anywhere');
    const uri = `763104351884.dkr.ecr.${Aws.REGION}.${Aws.URL_SUFFIX}/djl-inference@sha256:abc`;
    component(stack, {
      fleet: newFleet(stack),
      model: InferenceModel.fromContainer({ image: ModelImage.fromUri(uri) }),
    });
    expect(JSON.stringify(policyStatements(stack)[0].Resource)).toBe(
      '{"Fn::Join":["",["arn:",{"Ref":"AWS::Partition"},":ecr:",{"Ref":"AWS::Region"},":763104351884:repository/djl-inference"]]}',
    );
  });

  test('the folder of an artifact, so that a new version takes no access from the old one', () => {
    const statementsWith = (key: string) => {
      const stack = stackInRegion();
      const bucket = Bucket.fromBucketName(stack, 'Weights', 'weights');
      const image = ModelImage.fromUri(IMAGE);
      component(stack, {
        fleet: newFleet(stack),
        model: InferenceModel.fromContainer({ image, artifact: { bucket, key } }),
      });
      return policyStatements(stack);
    };
    expect(statementsWith('models/writer/v1.tar.gz')).toContainEqual({
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::weights/models/writer/*']] },
    });
    expect(statementsWith('models/writer/v2.tar.gz')).toEqual(statementsWith('models/writer/v1.tar.gz'));
  });

  test('an image of which only the deployment knows where it is must be permitted by hand', () => {
    const stack = stackInRegion();
    const uri = new CfnParameter(stack, 'Image').valueAsString;
    component(stack, {
      fleet: newFleet(stack),
      model: InferenceModel.fromContainer({ image: ModelImage.fromUri(uri) }),
    });
    expect(policyStatements(stack)).toEqual([]);
    Annotations.fromStack(stack).hasWarning(
      '*',
      'it is not known which repository the image (known at deployment) is in, so nothing is permitted to pull it: use ' +
        'ModelImage.fromEcrRepository(asset.repository, asset.imageTag), or permit the role of the fleet to pull it ' +
        '[ack: cdk-compound-inference:component/image-unknown]',
    );
  });

  test('an image and an encrypted artifact of the stack', () => {
    const stack = stackInRegion();
    const repository = new Repository(stack, 'Images');
    const encryptionKey = new Key(stack, 'Key');
    const bucket = Bucket.fromBucketAttributes(stack, 'Weights', { bucketName: 'weights', encryptionKey });
    component(stack, {
      fleet: newFleet(stack),
      model: InferenceModel.fromContainer({
        image: ModelImage.fromEcrRepository(repository, 'v3'),
        artifact: { bucket, key: 'writer.tar.gz' },
      }),
    });
    const statements = policyStatements(stack);
    expect(statements).toHaveLength(4);
    expect(statements).toContainEqual({
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::weights/writer.tar.gz']] },
    });
    expect(statements).toContainEqual(
      expect.objectContaining({ Action: 'kms:Decrypt', Resource: { 'Fn::GetAtt': [expect.any(String), 'Arn'] } }),
    );
    expect(statements).toContainEqual(
      expect.objectContaining({ Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Images/), 'Arn'] } }),
    );
  });
});

test('the first copy starts after its permissions and its endpoint, and goes before them', () => {
  const stack = stackInRegion();
  component(stack, { fleet: newFleet(stack) });
  const template = Template.fromStack(stack);
  const [endpoint] = Object.keys(template.findResources('AWS::SageMaker::Endpoint'));
  const [policy] = Object.keys(template.findResources('AWS::IAM::Policy'));
  template.hasResource(TYPE, {
    DependsOn: Match.arrayWith([policy]),
    Properties: { EndpointName: { 'Fn::GetAtt': [endpoint, 'EndpointName'] } },
  });
});

test('a component on an existing fleet of unknown role grants nothing', () => {
  const stack = stackInRegion();
  component(stack);
  Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
});

test('a component is known by its ARN, and by the name in it, once CloudFormation has made it', () => {
  const stack = stackInRegion();
  const { inferenceComponentArn, inferenceComponentName, inferenceComponentRef } = component(stack);
  const arn = { 'Fn::GetAtt': [expect.stringMatching(/^Writer/), 'InferenceComponentArn'] };
  expect(stack.resolve(inferenceComponentArn)).toEqual(arn);
  expect(inferenceComponentRef.inferenceComponentArn).toBe(inferenceComponentArn);
  expect(stack.resolve(inferenceComponentName)).toEqual({
    'Fn::Select': [1, { 'Fn::Split': [':inference-component/', arn] }],
  });
});

describe('the name of a component for which none was chosen', () => {
  const nameOf = (scope: Construct, options: Parameters<typeof component>[1] = {}, id?: string) => {
    component(scope as Stack, options, id);
    const [made] = Object.values(Template.fromStack(Stack.of(scope)).findResources(TYPE));
    const [, [name, stack]] = made!.Properties.InferenceComponentName['Fn::Join'];
    expect(JSON.stringify(stack)).toContain('"Ref":"AWS::StackId"');
    return name as string;
  };

  test('is in lower case, since SageMaker may write ARNs so, out of which it is read', () => {
    expect(nameOf(stackInRegion(), {}, 'WriterV2')).toMatch(/^writerv2-[0-9a-f]{8}-$/);
  });

  test('is another one for each component that takes its place, which is made while it is still there', () => {
    const fleets = ['one', 'other'].map((endpoint) => (stack: Stack) => existingFleet(stack, endpoint));
    const [one, other] = fleets.map((fleetIn) => {
      const stack = stackInRegion();
      return nameOf(stack, { fleet: fleetIn(stack) });
    });
    expect(one).not.toBe(other);
    expect(nameOf(stackInRegion(), {}, 'writer')).not.toBe(nameOf(stackInRegion(), {}, 'Writer'));
  });

  test('is short enough whatever the path', () => {
    const deep = new Construct(new Construct(stackInRegion(), 'A'.repeat(120)), 'B'.repeat(120));
    expect(`${nameOf(deep)}01234567`).toMatch(/^a{45}-[0-9a-f]{8}-01234567$/);
  });

  test('is in metrics as it is, but read out of the ARN in other stacks, which have another id', () => {
    const stack = stackInRegion();
    const writer = component(stack);
    const elsewhere = stackInRegion('Elsewhere', stack.node.root as App);
    const [here, there] = [stack, elsewhere]
      .map((scope) => {
        new Alarm(scope, 'Errors', { metric: writer.metricInvocation5XXErrors(), threshold: 1, evaluationPeriods: 1 });
        return scope;
      })
      .map((scope) => JSON.stringify(Template.fromStack(scope).findResources('AWS::CloudWatch::Alarm')));
    expect(here).toMatch(/"Value":\{"Fn::Join":\["",\["writer-[0-9a-f]{8}-"/);
    expect(there).toMatch(/:inference-component\/.*Fn::ImportValue.*InferenceComponentArn/);
  });
});

test('a component gets a name if another Region calls it by one', () => {
  const stack = stackInRegion();
  const writer = component(stack, { inferenceComponentName: PhysicalName.GENERATE_IF_NEEDED });
  const elsewhere = new Stack(stack.node.root, 'Elsewhere', {
    env: { account: '111122223333', region: 'us-east-1' },
  });
  new StringParameter(elsewhere, 'Writer', { stringValue: writer.inferenceComponentName });
  const [parameter] = Object.values(Template.fromStack(elsewhere).findResources('AWS::SSM::Parameter'));
  const { Value } = parameter!.Properties;
  Template.fromStack(stack).hasResourceProperties(TYPE, { InferenceComponentName: Value });
  expect(Value).toMatch(/^test.*writer/);
});

describe('what SageMaker cannot change makes another component', () => {
  const idOf = (add: (stack: Stack) => void) => {
    const stack = stackInRegion();
    add(stack);
    return Object.keys(Template.fromStack(stack).findResources(TYPE)).toSorted();
  };
  const fleetWithVariant = (stack: Stack, variantName: string) =>
    InferenceFleet.fromFleetAttributes(stack, 'Fleet', { endpointName: 'gpu', variantName });
  const [id] = idOf((stack) => component(stack));
  const seen = [id];

  test('its logical id is its path and a hash', () => {
    expect(id).toMatch(/^Writer[0-9A-F]{8}[0-9A-F]{8}$/);
    expect(idOf((stack) => component(stack))).toEqual([id]);
  });

  test.each<[string, (stack: Stack) => void]>([
    ['a name', (stack) => component(stack, { inferenceComponentName: 'writer' })],
    ['another name', (stack) => component(stack, { inferenceComponentName: 'author' })],
    ['another existing fleet', (stack) => component(stack, { fleet: existingFleet(stack, 'other') })],
    ['a fleet of the stack', (stack) => component(stack, { fleet: newFleet(stack) })],
    ['another fleet of the stack', (stack) => component(stack, { fleet: newFleet(stack, 'Other') })],
    ['a variant', (stack) => component(stack, { fleet: fleetWithVariant(stack, 'main') })],
    ['another variant', (stack) => component(stack, { fleet: fleetWithVariant(stack, 'spare') })],
  ])('%s', (_, add) => {
    seen.push(...idOf(add));
    expect(new Set(seen).size).toBe(seen.length);
  });

  test('but what it can change does not', () => {
    const resources = { accelerators: 2, memoryMiB: 1024 };
    expect(idOf((stack) => component(stack, { resources, initialCopies: 3 }))).toEqual([id]);
  });

  test('nor does moving its stack into a stage', () => {
    const idIn = (scope: Construct) => {
      const stack = new Stack(scope, 'Models', { stackName: 'models', env: { region: 'us-east-1' } });
      component(stack, { fleet: newFleet(stack) });
      return Object.keys(Template.fromStack(stack).findResources(TYPE));
    };
    expect(idIn(new Stage(new App(), 'Prod'))).toEqual(idIn(new App()));
  });

  test('with the base, its adapters', () => {
    const idsOf = (inferenceComponentName?: string) =>
      idOf((stack) => {
        const base = component(stack, { inferenceComponentName });
        base.addAdapter('Legal', { artifact: artifact(stack, 'legal/v1.tar.gz') });
      });
    expect(new Set([...idsOf(), ...idsOf('writer')]).size).toBe(4);
  });

  test('in any stack, its logical id is short enough', () => {
    const stack = stackInRegion();
    component(new Construct(stack, 'A'.repeat(250)) as Stack);
    const [long] = Object.keys(Template.fromStack(stack).findResources(TYPE));
    expect(long!.length).toBeLessThanOrEqual(255);
  });
});

describe('faults', () => {
  const faultsOf = (options: Parameters<typeof component>[1]) => {
    try {
      component(stackInRegion(), options);
      return [];
    } catch (error) {
      return (error as Error).message.split('\n  ').slice(1);
    }
  };
  const container = (options: Partial<Parameters<typeof InferenceModel.fromContainer>[0]>) => ({
    model: InferenceModel.fromContainer({ image: ModelImage.fromUri(IMAGE), ...options }),
  });

  test.each<[Parameters<typeof component>[1], string]>([
    [
      { initialCopies: 0 },
      'initialCopies: must be a whole number of at least 1, because SageMaker creates no component without copies: autoScaleCopies({ min: 0 }) takes an idle one to zero, got: 0 [component/initial-copies]',
    ],
    [
      { inferenceComponentName: '-writer_' },
      'inferenceComponentName: must be 1 to 63 letters, digits and inner hyphens, got: "-writer_" [component/name]',
    ],
    [
      { resources: { accelerators: 0, memoryMiB: 1024 } },
      'resources.accelerators: must be a whole number of at least 1, or left out for a component that runs on CPUs, got: 0 [component/accelerators]',
    ],
    [
      { resources: { cpuCores: 0.1, memoryMiB: 1024 } },
      'resources.cpuCores: must be at least 0.25, got: 0.1 [component/cpu-cores]',
    ],
    [
      { resources: { memoryMiB: 64 } },
      'resources.memoryMiB: must be a whole number of at least 128, got: 64 [component/memory]',
    ],
    [
      { modelDownloadTimeout: Duration.hours(2) },
      'modelDownloadTimeout: must be whole seconds, from 60 to 3600, got: 7200 [component/download-timeout]',
    ],
    [
      { healthCheckTimeout: Duration.seconds(30) },
      'healthCheckTimeout: must be whole seconds, from 60 to 3600, got: 30 [component/health-check-timeout]',
    ],
    [
      { placement: { strategy: PlacementStrategy.SPREAD, maxZoneImbalance: 101 } },
      'placement.maxZoneImbalance: must be a whole number from 0 to 100, got: 101 [component/zone-imbalance]',
    ],
    [
      { rollingUpdate: { batch: CopyBatch.percent(60), bakeTime: Duration.minutes(1) } },
      'rollingUpdate.batch: must be a whole number from 5 to 50 percent, got: 60 [component/batch]',
    ],
    [
      { rollingUpdate: { batch: CopyBatch.copies(0), bakeTime: Duration.minutes(1) } },
      'rollingUpdate.batch: must be a whole number of at least 1 copy, got: 0 [component/batch]',
    ],
    [
      { rollingUpdate: { batch: CopyBatch.copies(1), bakeTime: Duration.minutes(90) } },
      'rollingUpdate.bakeTime: must be whole seconds, from 0 to 3600, got: 5400 [component/bake-time]',
    ],
    [
      { rollingUpdate: { batch: CopyBatch.copies(1), bakeTime: Duration.minutes(1), timeout: Duration.minutes(5) } },
      'rollingUpdate.timeout: must be whole seconds, from 600 to 28800, got: 300 [component/update-timeout]',
    ],
    [
      { model: InferenceModel.fromSageMakerModelName('') },
      'model.modelName: must be 1 to 63 letters, digits and inner hyphens, got: "" [component/model-name]',
    ],
    [
      container({ image: ModelImage.fromUri('vllm/vllm-openai:latest') }),
      'model.image: must be the URI of an image in a private Amazon ECR repository, such as "111122223333.dkr.ecr.us-east-1.amazonaws.com/models/writer:v3"; use ModelImage.fromEcrRepository for a repository of this app, got: "vllm/vllm-openai:latest" [component/image]',
    ],
    [
      container({ artifact: artifact(stackInRegion(), 'writer/') }),
      'model.artifact.key: must be the key of a .tar.gz archive, the only form that a component\'s container takes: pack it, or use InferenceModel.fromSageMakerModel, got: "writer/" [component/artifact]',
    ],
    [
      container({ environment: Object.fromEntries([...Array(17).keys()].map((n) => [`V${n}`, ''])) }),
      'model.environment: must have at most 16 variables: put the rest into a file of the artifact, got: 17 [component/environment-size]',
    ],
    [
      container({ environment: { '1ST': 'a' } }),
      'model.environment: names must be letters, digits and underscores, and must not start with a digit, got: "1ST" [component/environment-name]',
    ],
    [
      container({ environment: { PROMPT: 'x'.repeat(1025) } }),
      'model.environment.PROMPT: must have at most 1024 characters, got: 1025 [component/environment-length]',
    ],
    [
      container({ metrics: { path: 'metrics' } }),
      'model.metrics.path: must be an absolute path of at most 256 characters, such as "/metrics", got: "metrics" [component/metrics-path]',
    ],
    [
      container({ metrics: { interval: Duration.seconds(15) } }),
      'model.metrics.interval: must be one of 10, 30, 60, 120, 180, 240, 300 seconds, got: 15 seconds [component/metrics-interval]',
    ],
  ])('%#: a fault is named with its remedy', (options, expected) => {
    expect(faultsOf(options)).toEqual([expected]);
  });

  test('all are listed at once', () => {
    const faults = faultsOf({ initialCopies: 0, resources: { memoryMiB: 0 }, healthCheckTimeout: Duration.seconds(1) });
    expect(faults).toHaveLength(3);
  });

  test('what is known only at deployment is not judged', () => {
    const stack = stackInRegion();
    const token = new CfnModel(stack, 'Model', {}).attrModelName;
    const model = InferenceModel.fromContainer({
      image: ModelImage.fromUri(IMAGE),
      artifact: { bucket: Bucket.fromBucketName(stack, 'Bucket', 'weights'), key: token },
      environment: { MODEL: token },
      metrics: { path: token },
    });
    expect(() => component(stack, { model, inferenceComponentName: token })).not.toThrow();
  });
});

test('an existing component is known by its name and its endpoint', () => {
  const stack = stackInRegion();
  const existing = InferenceComponent.fromInferenceComponentAttributes(stack, 'Existing', {
    inferenceComponentName: 'writer',
    endpointName: 'Gpu',
  });
  expect(stack.resolve([existing.inferenceComponentArn, existing.endpointArn])).toEqual([
    {
      'Fn::Join': [
        '',
        ['arn:', { Ref: 'AWS::Partition' }, ':sagemaker:eu-central-1:111122223333:inference-component/writer'],
      ],
    },
    { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':sagemaker:eu-central-1:111122223333:endpoint/Gpu']] },
  ]);
});
