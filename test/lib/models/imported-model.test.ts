import { Duration, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import {
  CfnNatGateway,
  GatewayVpcEndpointAwsService,
  Peer,
  Port,
  PrivateSubnet,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { IMPORT_ROLE, IMPORTER, importedModel, modelStack, statements } from './model-stack';

const MODEL = 'Custom::BedrockImportedModel';
const WAIT = 'Custom::BedrockModelImportWait';
const PARTITION = { Ref: 'AWS::Partition' };

describe('a model', () => {
  const stack = modelStack();
  stack.exportValue(importedModel(stack).modelArn, { name: 'WriterArn' });
  const template = Template.fromStack(stack);

  test('is imported from its folder, with a name made from its path', () => {
    template.hasResource(MODEL, {
      Properties: {
        ServiceToken: {
          'Fn::GetAtt': [Match.stringLikeRegexp('^BedrockModelImporterProviderframeworkonEvent'), 'Arn'],
        },
        NamePrefix: 'Support-Writer-498A7D81',
        WeightsUri: 's3://weights/writer/v1/',
        RoleArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^WriterRole'), 'Arn'] },
        KmsKeyId: Match.absent(),
        SubnetIds: Match.absent(),
        Tags: [{ key: 'cdk-compound-inference:stack', value: 'Support' }],
        WaitSeconds: '3300',
        Continued: 'false',
      },
      DependsOn: [Match.stringLikeRegexp('^WriterRoleDefaultPolicy'), Match.stringLikeRegexp('^WriterRole')],
      DeletionPolicy: 'Delete',
    });
  });

  test('has the ARN that the importer tells', () => {
    const [id] = Object.keys(template.findResources(WAIT));
    template.hasOutput('*', { Export: { Name: 'WriterArn' }, Value: { 'Fn::GetAtt': [id, 'ModelArn'] } });
  });

  test('is imported by a role that only imports of this account can assume', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'sts:AssumeRole',
            Principal: { Service: 'bedrock.amazonaws.com' },
            Condition: {
              StringEquals: { 'aws:SourceAccount': '123456789012' },
              ArnLike: {
                'aws:SourceArn': {
                  'Fn::Join': ['', ['arn:', PARTITION, ':bedrock:us-east-1:123456789012:model-import-job/*']],
                },
              },
            },
          },
        ],
      },
    });
  });

  test('is imported by a role that reads its folder and nothing else', () => {
    expect(statements(stack, IMPORT_ROLE)).toEqual([
      {
        Effect: 'Allow',
        Action: 's3:GetObject',
        Resource: { 'Fn::Join': ['', ['arn:', PARTITION, ':s3:::weights/writer/v1/*']] },
        Condition: { StringEquals: { 'aws:ResourceAccount': '123456789012' } },
      },
      {
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: { 'Fn::Join': ['', ['arn:', PARTITION, ':s3:::weights']] },
        Condition: {
          StringEquals: { 'aws:ResourceAccount': '123456789012' },
          StringLike: { 's3:prefix': ['writer/v1', 'writer/v1/*'] },
        },
      },
    ]);
  });

  test('is imported by a function that may do what imports need, and deletes only models of its stack', () => {
    const models = { 'Fn::Join': ['', ['arn:', PARTITION, ':bedrock:us-east-1:123456789012:imported-model/*']] };
    const ofThisStack = { 'aws:ResourceTag/cdk-compound-inference:stack': 'Support' };
    expect(statements(stack, IMPORTER)).toEqual([
      {
        Effect: 'Allow',
        Action: ['bedrock:CreateModelImportJob', 'bedrock:ListModelImportJobs'],
        Resource: '*',
      },
      {
        Effect: 'Allow',
        Action: 'bedrock:GetModelImportJob',
        Resource: { 'Fn::Join': ['', ['arn:', PARTITION, ':bedrock:us-east-1:123456789012:model-import-job/*']] },
      },
      { Effect: 'Allow', Action: 'bedrock:GetImportedModel', Resource: models },
      {
        Effect: 'Allow',
        Action: 'bedrock:TagResource',
        Resource: models,
        Condition: { StringEqualsIfExists: ofThisStack },
      },
      {
        Effect: 'Allow',
        Action: ['bedrock:DeleteImportedModel', 'bedrock:UntagResource'],
        Resource: models,
        Condition: { StringEquals: ofThisStack },
      },
      {
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: { 'Fn::GetAtt': [expect.stringMatching(/^WriterRole/), 'Arn'] },
        Condition: { StringEquals: { 'iam:PassedToService': 'bedrock.amazonaws.com' } },
      },
    ]);
  });

  test('is waited for by two functions of this package: one that names it without any permission, and one that works', () => {
    for (const Handler of ['index.onEvent', 'index.isComplete']) {
      template.hasResourceProperties('AWS::Lambda::Function', {
        Handler,
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp('^BedrockModelImporterLogs') } },
      });
    }
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
  });

  test('is looked at every 30 seconds for an hour', () => {
    const [machine] = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
    expect(JSON.stringify(machine!.Properties.DefinitionString)).toContain(
      String.raw`\"IntervalSeconds\":30,\"MaxAttempts\":120,\"BackoffRate\":1`,
    );
  });
});

test('all models of a stack share the functions, which pass each role', () => {
  const stack = modelStack();
  importedModel(stack);
  importedModel(stack, {}, 'Reader');
  Template.fromStack(stack).resourceCountIs('AWS::StepFunctions::StateMachine', 1);
  const passed = statements(stack, IMPORTER).filter(({ Action }) => Action === 'iam:PassRole');
  expect(passed.map(({ Resource }) => Resource)).toEqual([
    { 'Fn::GetAtt': [expect.stringMatching(/^WriterRole/), 'Arn'] },
    { 'Fn::GetAtt': [expect.stringMatching(/^ReaderRole/), 'Arn'] },
  ]);
});

test('a prefix gives the model its name', () => {
  const stack = modelStack();
  importedModel(stack, { modelNamePrefix: 'support-writer' });
  Template.fromStack(stack).hasResourceProperties(MODEL, { NamePrefix: 'support-writer' });
});

test('a slash at the end of the folder changes nothing', () => {
  const stack = modelStack();
  const bucket = Bucket.fromBucketName(stack, 'Weights', 'weights');
  importedModel(stack, { weights: { bucket, prefix: 'writer/v1/' } });
  Template.fromStack(stack).hasResourceProperties(MODEL, { WeightsUri: 's3://weights/writer/v1/' });
});

test('weights in a bucket with a key can be decrypted by the import', () => {
  const stack = modelStack();
  const bucket = Bucket.fromBucketAttributes(stack, 'Weights', {
    bucketName: 'weights',
    encryptionKey: Key.fromKeyArn(stack, 'WeightsKey', 'arn:aws:kms:us-east-1:123456789012:key/weights'),
  });
  importedModel(stack, { weights: { bucket, prefix: 'writer/v1' } });
  expect(statements(stack, IMPORT_ROLE)).toContainEqual({
    Effect: 'Allow',
    Action: 'kms:Decrypt',
    Resource: 'arn:aws:kms:us-east-1:123456789012:key/weights',
  });
});

test('a key encrypts the model, and only by way of Bedrock may the function use it', () => {
  const stack = modelStack();
  const keyArn = 'arn:aws:kms:us-east-1:123456789012:key/models';
  importedModel(stack, { encryptionKey: Key.fromKeyArn(stack, 'Key', keyArn) });
  Template.fromStack(stack).hasResourceProperties(MODEL, { KmsKeyId: keyArn });
  expect(statements(stack, IMPORTER)).toContainEqual({
    Effect: 'Allow',
    Action: ['kms:CreateGrant', 'kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'],
    Resource: keyArn,
    Condition: { StringEquals: { 'kms:ViaService': 'bedrock.us-east-1.amazonaws.com' } },
  });
});

test('a role that is given gets the permissions on the weights', () => {
  const stack = modelStack();
  const role = new Role(stack, 'WriterRoleOfOurs', {
    assumedBy: importedModel(stack, {}, 'Other').role.grantPrincipal,
  });
  importedModel(stack, { role });
  expect(statements(stack, /^WriterRoleOfOurs/).map(({ Action }) => Action)).toEqual(['s3:GetObject', 's3:ListBucket']);
  Template.fromStack(stack).hasResourceProperties(MODEL, {
    RoleArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^WriterRoleOfOurs'), 'Arn'] },
  });
});

describe('in a network', () => {
  test('the import gets the private subnets and a security group of its own, and may make interfaces there only', () => {
    const stack = modelStack();
    importedModel(stack, { network: { vpc: new Vpc(stack, 'Vpc', { maxAzs: 1 }) } });
    const template = Template.fromStack(stack);
    const subnet = { Ref: Match.stringLikeRegexp('^VpcPrivateSubnet1') };
    template.hasResourceProperties(MODEL, {
      SubnetIds: [subnet],
      SecurityGroupIds: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^WriterSecurityGroup'), 'GroupId'] }],
    });
    const actions = statements(stack, IMPORT_ROLE).map(({ Action }) => Action);
    expect(actions).toEqual([
      's3:GetObject',
      's3:ListBucket',
      [
        'ec2:DescribeDhcpOptions',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSubnets',
        'ec2:DescribeVpcs',
      ],
      'ec2:CreateNetworkInterface',
      'ec2:CreateNetworkInterface',
      ['ec2:CreateNetworkInterfacePermission', 'ec2:DeleteNetworkInterface', 'ec2:DeleteNetworkInterfacePermission'],
      'ec2:CreateTags',
    ]);
    const jobs = { 'Fn::Join': ['', ['arn:', PARTITION, ':bedrock:us-east-1:123456789012:model-import-job/*']] };
    expect(statements(stack, IMPORT_ROLE)[3]).toMatchObject({
      Condition: {
        StringEquals: { 'aws:RequestTag/BedrockManaged': 'true' },
        ArnLike: { 'aws:RequestTag/BedrockModelImportJobArn': jobs },
      },
    });
    expect(statements(stack, IMPORT_ROLE)[5]).toMatchObject({
      Resource: '*',
      Condition: {
        StringEquals: { 'ec2:ResourceTag/BedrockManaged': 'true' },
        ArnLike: { 'ec2:Subnet': [expect.anything()], 'ec2:ResourceTag/BedrockModelImportJobArn': jobs },
      },
    });
  });

  test('subnets that another account shares are those of that account, and interfaces are not', () => {
    const stack = modelStack();
    const network = new Stack(stack.node.root, 'Network', { env: { account: '444455556666', region: 'us-east-1' } });
    const vpc = Vpc.fromVpcAttributes(network, 'Vpc', {
      vpcId: 'vpc-12345678',
      availabilityZones: ['us-east-1a'],
      privateSubnetIds: ['subnet-12345678'],
      privateSubnetRouteTableIds: ['rtb-12345678'],
    });
    new SecurityGroup(network, 'Group', { vpc });
    importedModel(stack, { network: { vpc } });
    const text = JSON.stringify(statements(stack, IMPORT_ROLE));
    expect(text).toContain(':ec2:us-east-1:444455556666:subnet/subnet-12345678');
    expect(text).not.toContain(':ec2:us-east-1:123456789012:subnet/');
    expect(text).toContain(':ec2:us-east-1:123456789012:network-interface/*');
  });

  test('the import starts when the network can reach the weights', () => {
    const stack = modelStack();
    const subnetConfiguration = [SubnetType.PUBLIC, SubnetType.PRIVATE_WITH_EGRESS].map((subnetType) => ({
      subnetType,
      name: subnetType,
      cidrMask: 24,
    }));
    const vpc = new Vpc(stack, 'Vpc', { maxAzs: 1, subnetConfiguration });
    const place = { vpcId: vpc.vpcId, availabilityZone: vpc.availabilityZones[0]!, cidrBlock: '10.0.200.0/24' };
    const own = new PrivateSubnet(stack, 'Own', place);
    own.addDefaultNatRoute(new CfnNatGateway(stack, 'OwnNat', { subnetId: vpc.publicSubnets[0]!.subnetId }).ref);
    const group = new SecurityGroup(stack, 'Group', { vpc, allowAllOutbound: false });
    group.addEgressRule(Peer.prefixList('pl-63a5400a'), Port.HTTPS);
    group.connections.allowTo(new SecurityGroup(stack, 'Proxy', { vpc }), Port.HTTPS);
    importedModel(stack, { network: { vpc, subnets: { subnets: [own] }, securityGroups: [group] } });
    vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
    const [model] = Object.values(Template.fromStack(stack).findResources(MODEL));
    expect(model!.DependsOn).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^OwnDefaultRoute/),
        expect.stringMatching(/^VpcPrivateSubnet1DefaultRoute/),
        expect.stringMatching(/^VpcS3/),
        expect.stringMatching(/^Groupto/),
      ]),
    );
  });

  test('the import uses the security groups that are given', () => {
    const stack = modelStack();
    const securityGroups = [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-12345678')];
    importedModel(stack, { network: { vpc: new Vpc(stack, 'Vpc', { maxAzs: 1 }), securityGroups } });
    Template.fromStack(stack).hasResourceProperties(MODEL, { SecurityGroupIds: ['sg-12345678'] });
  });
});

test('tags of the construct are tags of the model, beside that which names its stack', () => {
  const stack = modelStack();
  Tags.of(importedModel(stack)).add('team', 'support');
  Tags.of(stack).add('stage', 'test');
  Tags.of(stack).add('cdk-compound-inference:stack', 'other');
  Tags.of(stack).remove('cdk-compound-inference:stack', { priority: 300 });
  Template.fromStack(stack).hasResourceProperties(MODEL, {
    Tags: [
      { key: 'cdk-compound-inference:stack', value: 'Support' },
      { key: 'stage', value: 'test' },
      { key: 'team', value: 'support' },
    ],
  });
});

test.each([
  ['removalPolicy', { removalPolicy: RemovalPolicy.RETAIN }, false],
  ['applyRemovalPolicy', {}, true],
])('%s can retain the model, but not what a failed creation made', (_, props, later) => {
  const stack = modelStack();
  const model = importedModel(stack, props);
  if (later) model.applyRemovalPolicy(RemovalPolicy.RETAIN);
  Template.fromStack(stack).hasResource(MODEL, {
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
  });
});

test.each([
  [undefined, 'false', ['false']],
  [Duration.minutes(55), 'false', ['false']],
  [Duration.minutes(56), 'true', ['false']],
  [Duration.millis(3_300_001), 'true', ['false']],
  [Duration.hours(3), 'true', ['true', 'true', 'false']],
])('with importTimeout %s the import is awaited by one resource after the other', (importTimeout, first, continued) => {
  const stack = modelStack();
  const model = importedModel(stack, { importTimeout });
  const template = Template.fromStack(stack);
  const [[id, resource]] = Object.entries(template.findResources(MODEL)) as [[string, Record<string, any>]];
  expect(resource.Properties.Continued).toBe(first);

  const waits = Object.entries(template.findResources(WAIT));
  expect(waits.map(([, wait]) => wait.Properties.Continued)).toEqual(continued);
  for (const [, { Properties }] of waits) {
    expect(Properties).toMatchObject({ JobArn: { 'Fn::GetAtt': [id, 'JobArn'] }, ImportName: { Ref: id } });
  }
  const chain = [id, ...waits.map(([wait]) => wait)];
  expect(waits.map(([, wait]) => wait.DependsOn)).toEqual(chain.slice(0, -1).map((before) => [before]));
  expect(stack.resolve(model.modelArn)).toEqual({ 'Fn::GetAtt': [chain.at(-1), 'ModelArn'] });
});

test('what other stacks know a model by stays the same, however long its import may take', () => {
  const [day, hour] = [Duration.hours(12), Duration.hours(1)].map((importTimeout) => {
    const stack = modelStack();
    return stack.resolve(importedModel(stack, { importTimeout }).modelArn);
  });
  expect(day).toEqual(hour);
  const stack = modelStack();
  expect(stack.resolve(importedModel(stack).modelArn)).toEqual(day);
});
