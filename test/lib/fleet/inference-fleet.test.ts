import { App, Duration, Fn, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { type IVpc, Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { InferenceFleet } from '../../../lib/fleet/inference-fleet';
import type { InferenceFleetProps } from '../../../lib/fleet/inference-fleet-props';
import { InferenceInstanceType } from '../../../lib/fleet/instance-type';
import { RoutingStrategy } from '../../../lib/fleet/routing-strategy';
import { ScaleInPolicy } from '../../../lib/fleet/scale-in-policy';

const CONFIG = 'AWS::SageMaker::EndpointConfig';
const ENDPOINT = 'AWS::SageMaker::Endpoint';
const { G6_12XLARGE, G5_12XLARGE } = InferenceInstanceType;

/** Findings of the built-in validator are errors here. */
function newStack(): Stack {
  const app = new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true } });
  return new Stack(app, 'Test', { env: { region: 'us-east-1' } });
}

function newFleet(props: Partial<InferenceFleetProps> = {}, stack = newStack()): InferenceFleet {
  return new InferenceFleet(stack, 'Gpu', { instanceTypes: [G6_12XLARGE], maxInstances: 4, ...props });
}

function templateWith(props: Partial<InferenceFleetProps> = {}): Template {
  return Template.fromStack(newFleet(props).stack);
}

function variantWith(props: Partial<InferenceFleetProps>): unknown {
  const [config] = Object.values(templateWith(props).findResources(CONFIG));
  return config?.Properties.ProductionVariants[0];
}

describe('a fleet of one instance type', () => {
  const template = templateWith();

  test('has a variant without a model, which scales and sends calls to the instance with most room', () => {
    template.hasResourceProperties(CONFIG, {
      ProductionVariants: [
        {
          VariantName: 'AllTraffic',
          InstanceType: 'ml.g6.12xlarge',
          InitialInstanceCount: 1,
          ManagedInstanceScaling: { Status: 'ENABLED', MinInstanceCount: 1, MaxInstanceCount: 4 },
          RoutingConfig: { RoutingStrategy: 'LEAST_OUTSTANDING_REQUESTS' },
        },
      ],
      ExecutionRoleArn: { 'Fn::GetAtt': ['GpuRoleD860A26A', 'Arn'] },
      KmsKeyId: Match.absent(),
      VpcConfig: Match.absent(),
    });
  });

  test('keeps the number of instances when the endpoint is updated', () => {
    template.hasResourceProperties(ENDPOINT, {
      EndpointConfigName: { 'Fn::GetAtt': ['GpuConfig3CFD3BC4', 'EndpointConfigName'] },
      RetainAllVariantProperties: true,
    });
  });

  test('keeps a replaced configuration, which the endpoint needs if SageMaker rolls back to it', () => {
    template.hasResource(CONFIG, { UpdateReplacePolicy: 'Retain', DeletionPolicy: 'Delete' });
  });

  test('names the endpoint after construct and stack, so that two stacks do not clash', () => {
    template.hasResourceProperties(ENDPOINT, { EndpointName: nameOfEndpoint });
  });

  test('runs as a role that only SageMaker may assume, for this account and Region', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Action: 'sts:AssumeRole',
            Effect: 'Allow',
            Principal: { Service: 'sagemaker.amazonaws.com' },
            Condition: {
              StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
              ArnLike: {
                'aws:SourceArn': {
                  'Fn::Join': [
                    '',
                    ['arn:', { Ref: 'AWS::Partition' }, ':sagemaker:us-east-1:', { Ref: 'AWS::AccountId' }, ':*'],
                  ],
                },
              },
            },
          },
        ],
      },
      ManagedPolicyArns: Match.absent(),
    });
  });

  test('may write its logs and metrics and do nothing else', () => {
    const logs = (group: string) => ({
      'Fn::Join': [
        '',
        [
          'arn:',
          { Ref: 'AWS::Partition' },
          ':logs:us-east-1:',
          { Ref: 'AWS::AccountId' },
          `:log-group:/aws/sagemaker/${group}`,
        ],
      ],
    });
    const [role] = Object.values(template.findResources('AWS::IAM::Role'));
    expect(role?.Properties.Policies).toEqual([
      {
        PolicyName: 'Observe',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
              Effect: 'Allow',
              Resource: [logs('Endpoints/test-gpu-d7d3e371-*'), logs('InferenceComponents/*')],
            },
            {
              Action: 'cloudwatch:PutMetricData',
              Effect: 'Allow',
              Resource: '*',
              Condition: {
                StringEquals: {
                  'cloudwatch:namespace': ['/aws/sagemaker/Endpoints', '/aws/sagemaker/InferenceComponents'],
                },
              },
            },
          ],
        },
      },
    ]);
    template.resourceCountIs('AWS::IAM::Policy', 0);
  });
});

describe('the alarm on a rollback', () => {
  const template = templateWith();

  test('matches the event that the endpoint is in service with a configuration other than the deployed one, or with a mix', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.sagemaker'],
        'detail-type': ['SageMaker Endpoint State Change'],
        detail: {
          EndpointName: [nameOfEndpoint],
          $or: [
            {
              EndpointStatus: ['IN_SERVICE'],
              EndpointConfigName: [{ 'anything-but': [{ 'Fn::GetAtt': ['GpuConfig3CFD3BC4', 'EndpointConfigName'] }] }],
            },
            { EndpointStatus: ['UPDATE_ROLLBACK_FAILED'] },
          ],
        },
      },
    });
  });

  test('knows the configuration before the endpoint gets it', () => {
    template.hasResource(ENDPOINT, { DependsOn: ['GpuRollbackRule3DE0A9FE'] });
  });

  test('fires on the first such event', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/Events',
      MetricName: 'MatchedEvents',
      Dimensions: [{ Name: 'RuleName', Value: { Ref: 'GpuRollbackRule3DE0A9FE' } }],
      Statistic: 'Sum',
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      EvaluationPeriods: 1,
      TreatMissingData: 'notBreaching',
    });
  });
});

const nameOfEndpoint = {
  'Fn::Join': [
    '',
    [
      'test-gpu-d7d3e371-',
      {
        'Fn::Select': [
          0,
          { 'Fn::Split': ['-', { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }] },
        ],
      },
    ],
  ],
};

test('several instance types are pools by priority, tried for half an hour', () => {
  expect(variantWith({ instanceTypes: [G6_12XLARGE, G5_12XLARGE] })).toMatchObject({
    InstancePools: [
      { InstanceType: 'ml.g6.12xlarge', Priority: 1 },
      { InstanceType: 'ml.g5.12xlarge', Priority: 2 },
    ],
    VariantInstanceProvisionTimeoutInSeconds: 1800,
  });
  expect(variantWith({ instanceTypes: [G6_12XLARGE, G5_12XLARGE] })).not.toHaveProperty('InstanceType');
});

test.each([
  ['with several types', [G6_12XLARGE, G5_12XLARGE]],
  ['with one type', [G6_12XLARGE]],
])('the time to look for capacity can be set %s', (_, instanceTypes) => {
  const variant = variantWith({ instanceTypes, provisioningTimeout: Duration.minutes(10) });
  expect(variant).toMatchObject({ VariantInstanceProvisionTimeoutInSeconds: 600 });
});

test.each([
  [{ minInstances: 0 }, 0, 1],
  [{ minInstances: 2 }, 2, 2],
  [{ minInstances: 0, initialInstances: 3 }, 0, 3],
])('%j begins with enough instances', (props, min, initial) => {
  expect(variantWith(props)).toMatchObject({
    InitialInstanceCount: initial,
    ManagedInstanceScaling: { MinInstanceCount: min, MaxInstanceCount: 4 },
  });
});

test.each([
  [ScaleInPolicy.IDLE_RELEASE, { Strategy: 'IDLE_RELEASE' }],
  [ScaleInPolicy.consolidation(), { Strategy: 'CONSOLIDATION' }],
  [
    ScaleInPolicy.consolidation({ maxStep: 2, cooldown: Duration.hours(1) }),
    { Strategy: 'CONSOLIDATION', MaximumStepSize: 2, CooldownInMinutes: 60 },
  ],
])('instances are released as told: %j', (scaleIn, expected) => {
  expect(variantWith({ scaleIn })).toHaveProperty('ManagedInstanceScaling.ScaleInPolicy', expected);
});

test.each([
  [RoutingStrategy.RANDOM, { RoutingStrategy: 'RANDOM' }],
  [
    RoutingStrategy.prefixAware({ prefixLength: 4096, concurrencyThreshold: 8 }),
    {
      RoutingStrategy: 'PREFIX_AWARE',
      PrefixAwareRoutingConfig: { PrefixLength: 4096, ConcurrencyThreshold: 8 },
    },
  ],
])('calls are routed as told: %j', (routing, expected) => {
  expect(variantWith({ routing })).toHaveProperty('RoutingConfig', expected);
});

test('a capacity reservation is all that instances start in', () => {
  const arn = 'arn:aws:sagemaker:us-east-1:123456789012:training-plan/plan';
  expect(variantWith({ capacityReservationArn: arn })).toHaveProperty('CapacityReservationConfig', {
    CapacityReservationPreference: 'capacity-reservations-only',
    MlReservationArn: arn,
  });
});

test('image of the instances, network isolation and enhanced metrics can be chosen', () => {
  const inferenceAmiVersion = 'al2023-ami-sagemaker-inference-gpu-4-1';
  const template = templateWith({ inferenceAmiVersion, networkIsolation: true, enhancedMetrics: true });
  template.hasResourceProperties(CONFIG, {
    EnableNetworkIsolation: true,
    MetricsConfig: { EnableEnhancedMetrics: true },
    ProductionVariants: [{ InferenceAmiVersion: inferenceAmiVersion }],
  });
});

describe('in a VPC', () => {
  const SUBNETS = ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'];

  function newVpc(stack: Stack): IVpc {
    const availabilityZones = ['us-east-1a', 'us-east-1b'];
    return Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-0123456789abcdef0',
      availabilityZones,
      privateSubnetIds: SUBNETS,
    });
  }

  test('containers are in private subnets, behind a security group of their own', () => {
    const stack = newStack();
    const fleet = newFleet({ vpc: newVpc(stack) }, stack);
    fleet.connections.allowFromAnyIpv4(Port.HTTPS);
    const template = Template.fromStack(stack);

    template.hasResourceProperties(CONFIG, {
      VpcConfig: { Subnets: SUBNETS, SecurityGroupIds: [{ 'Fn::GetAtt': ['GpuSecurityGroupCDEAE341', 'GroupId'] }] },
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: [Match.objectLike({ CidrIp: '0.0.0.0/0', FromPort: 443 })],
    });
  });

  test('containers start after the routes out of their subnets are there', () => {
    const stack = newStack();
    newFleet({ vpc: new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 }) }, stack);
    const template = Template.fromStack(stack);
    const [endpoint] = Object.values(template.findResources(ENDPOINT));
    const routes = Object.keys(
      template.findResources('AWS::EC2::Route', { Properties: { NatGatewayId: Match.anyValue() } }),
    );
    expect(routes).toHaveLength(2);
    expect(endpoint?.DependsOn).toEqual(expect.arrayContaining(routes));
  });

  test('subnets that another account shares are those of that account, and interfaces are not', () => {
    const stack = new Stack(new App(), 'Test', { env: { account: '111122223333', region: 'us-east-1' } });
    const network = new Stack(stack.node.root, 'Network', { env: { account: '444455556666', region: 'us-east-1' } });
    const vpc = newVpc(network);
    new SecurityGroup(network, 'Group', { vpc });
    newFleet({ vpc }, stack);
    const [role] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
    const text = JSON.stringify(role?.Properties.Policies);
    expect(text).toContain(`:ec2:us-east-1:444455556666:subnet/${SUBNETS[0]}`);
    expect(text).not.toContain(':ec2:us-east-1:111122223333:subnet/');
    expect(text).toContain(':ec2:us-east-1:111122223333:network-interface/*');
  });

  test('the role may handle network interfaces there only', () => {
    const stack = newStack();
    const group = 'sg-0123456789abcdef0';
    const securityGroups = [SecurityGroup.fromSecurityGroupId(stack, 'Group', group)];
    newFleet({ vpc: newVpc(stack), securityGroups }, stack);

    const arn = (resource: string) => ({
      'Fn::Join': [
        '',
        ['arn:', { Ref: 'AWS::Partition' }, ':ec2:us-east-1:', { Ref: 'AWS::AccountId' }, `:${resource}`],
      ],
    });
    const subnets = SUBNETS.map((subnet) => arn(`subnet/${subnet}`));
    const create = {
      Action: 'ec2:CreateNetworkInterface',
      Effect: 'Allow',
      Resource: [arn('network-interface/*'), ...subnets, arn(`security-group/${group}`)],
    };
    const use = {
      Action: [
        'ec2:CreateNetworkInterfacePermission',
        'ec2:DeleteNetworkInterface',
        'ec2:DeleteNetworkInterfacePermission',
      ],
      Effect: 'Allow',
      Resource: arn('network-interface/*'),
      Condition: { ArnLike: { 'ec2:Subnet': subnets } },
    };
    const look = Match.objectLike({ Action: Match.arrayWith(['ec2:DescribeSubnets']), Resource: '*' });
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      Policies: Match.arrayWith([
        { PolicyName: 'Network', PolicyDocument: Match.objectLike({ Statement: [create, use, look] }) },
      ]),
    });
  });
});

test('a volume key encrypts what has no NVMe storage, and the role may use it', () => {
  const stack = newStack();
  newFleet({ instanceTypes: [InferenceInstanceType.of('ml.m5.xlarge')], volumeKey: new Key(stack, 'Key') }, stack);
  const template = Template.fromStack(stack);
  template.hasResource(CONFIG, {
    Properties: { KmsKeyId: { 'Fn::GetAtt': ['Key961B73FD', 'Arn'] } },
    DependsOn: [Match.stringLikeRegexp('^GpuRoleDefaultPolicy')],
  });
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: Match.objectLike({
      Statement: [
        {
          Action: 'kms:CreateGrant',
          Effect: 'Allow',
          Resource: { 'Fn::GetAtt': ['Key961B73FD', 'Arn'] },
          Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
        },
      ],
    }),
  });
});

test('a role of your own is taken as it is', () => {
  const stack = newStack();
  const role = new Role(stack, 'Mine', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
  newFleet({ role }, stack);
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::IAM::Role', 1);
  template.hasResourceProperties('AWS::IAM::Role', { Policies: Match.absent() });
  template.hasResourceProperties(CONFIG, {
    ExecutionRoleArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Mine'), 'Arn'] },
  });
});

test('metrics of the instances are averages by endpoint and variant, in percent', () => {
  const fleet = newFleet();
  expect(fleet.metricGpuReservation()).toMatchObject({
    namespace: '/aws/sagemaker/Endpoints',
    metricName: 'GPUReservation',
    statistic: 'Average',
    dimensions: { EndpointName: fleet.endpointName, VariantName: 'AllTraffic' },
  });
  expect(fleet.metricMemoryReservation().metricName).toBe('MemoryReservation');
  expect(fleet.metricGpuUtilization().metricName).toBe('GPUUtilizationNormalized');
  expect(fleet.metricGpuMemoryUtilization().metricName).toBe('GPUMemoryUtilizationNormalized');
  expect(fleet.metric('DiskUtilization', { statistic: 'max' })).toMatchObject({
    metricName: 'DiskUtilization',
    statistic: 'Maximum',
  });
});

test('a fleet that exists needs its endpoint name only', () => {
  const stack = newStack();
  const fleet = InferenceFleet.fromFleetAttributes(stack, 'Gpu', { endpointName: 'Shared' });
  expect(stack.resolve(fleet.endpointArn)).toEqual({
    'Fn::Join': [
      '',
      ['arn:', { Ref: 'AWS::Partition' }, ':sagemaker:us-east-1:', { Ref: 'AWS::AccountId' }, ':endpoint/Shared'],
    ],
  });
  expect(fleet).toMatchObject({
    endpointName: 'Shared',
    variantName: 'AllTraffic',
    instanceTypes: [],
    role: undefined,
  });
  expect(fleet.endpointRef).toEqual({ endpointArn: fleet.endpointArn });
});

test('of a fleet that exists more can be told', () => {
  const stack = newStack();
  const role = Role.fromRoleName(stack, 'Role', 'shared');
  const attributes = { endpointName: 'Shared', variantName: 'main', instanceTypes: [G6_12XLARGE], role };
  expect(InferenceFleet.fromFleetAttributes(stack, 'Gpu', attributes)).toMatchObject(attributes);
});

test('a fleet that exists has a name that SageMaker takes', () => {
  const make = () =>
    InferenceFleet.fromFleetAttributes(new Stack(new App(), 'Test'), 'Gpu', { endpointName: 'bad name!' });
  expect(make).toThrow(
    'endpointName: must be 1 to 63 letters, digits and inner hyphens, got: "bad name!" [fleet/name]',
  );
});

test('a fleet whose name is known only at deployment needs the ARN of its endpoint', () => {
  const stack = new Stack(new App(), 'Test');
  const endpointName = Fn.importValue('endpoint');
  expect(() => InferenceFleet.fromFleetAttributes(stack, 'Late', { endpointName })).toThrow(
    'endpointName: is known only at deployment, and so is its case: give its endpointArn, too [fleet/endpoint-name-late]',
  );
  const attributes = { endpointName, endpointArn: Fn.importValue('endpoint-arn') };
  expect(InferenceFleet.fromFleetAttributes(stack, 'Known', attributes)).toMatchObject(attributes);
});
