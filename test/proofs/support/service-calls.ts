import { ACCOUNT, REGION } from '../../support/resolve-template';
import type { IamCall } from './iam';
import type { Deployed } from './roles';

const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;

const INTERFACE = arn('ec2', 'network-interface/eni-0123456789abcdef0');

/** Both services look at the network before they join it. */
const SEE_NETWORK: readonly IamCall[] = [
  'ec2:DescribeDhcpOptions',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
].map((action) => ({ action, resource: '*' }));

/**
 * What SageMaker does as the execution role of the endpoints of a stack.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createmodel-perms
 */
export function fleetCalls(deployed: Deployed): IamCall[] {
  const endpoints = deployed.ofType('AWS::SageMaker::Endpoint');
  const configs = deployed.ofType('AWS::SageMaker::EndpointConfig');
  const containers = deployed
    .ofType('AWS::SageMaker::InferenceComponent')
    .map(({ Specification }) => Specification.Container);
  return [
    ...endpoints.flatMap(({ EndpointName }) => logging(`/aws/sagemaker/Endpoints/${EndpointName}`)),
    ...logging('/aws/sagemaker/InferenceComponents/component'),
    ...['/aws/sagemaker/Endpoints', '/aws/sagemaker/InferenceComponents'].map((namespace) => ({
      action: 'cloudwatch:PutMetricData',
      resource: '*',
      context: { 'cloudwatch:namespace': namespace },
    })),
    ...containers.flatMap(({ Image }) => (Image === undefined ? [] : pulling(Image))),
    ...containers.flatMap(({ ArtifactUrl }) => reading(objectArn(ArtifactUrl), deployed)),
    ...configs.flatMap(({ VpcConfig }) => (VpcConfig ? joining(VpcConfig.Subnets, VpcConfig.SecurityGroupIds) : [])),
    ...configs.flatMap(({ KmsKeyId }) =>
      KmsKeyId
        ? [{ action: 'kms:CreateGrant', resource: KmsKeyId, context: { 'kms:GrantIsForAWSResource': 'true' } }]
        : [],
    ),
  ];
}

/**
 * What Bedrock does as the role of the model imports of a stack.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-import-iam-role.html
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/vpc-custom-model-import.html
 */
export function importCalls(deployed: Deployed): IamCall[] {
  return deployed.ofType('Custom::BedrockImportedModel').flatMap(({ WeightsUri, SubnetIds, SecurityGroupIds }) => {
    const folder = objectArn(WeightsUri);
    const [bucket, ...key] = folder.replace('arn:aws:s3:::', '').split('/');
    const owner = { 'aws:ResourceAccount': ACCOUNT };
    return [
      {
        action: 's3:ListBucket',
        resource: `arn:aws:s3:::${bucket}`,
        context: { ...owner, 's3:prefix': key.join('/') },
      },
      ...reading(`${folder}config.json`, deployed, owner),
      ...(SubnetIds ? joiningForImport(SubnetIds, SecurityGroupIds) : []),
    ];
  });
}

function logging(name: string): IamCall[] {
  const group = arn('logs', `log-group:${name}`);
  const stream = `${group}:log-stream:AllTraffic/i-0123456789abcdef0`;
  return [
    { action: 'logs:CreateLogGroup', resource: group },
    { action: 'logs:CreateLogStream', resource: stream },
    { action: 'logs:DescribeLogStreams', resource: group },
    { action: 'logs:PutLogEvents', resource: stream },
  ];
}

function pulling(image: string): IamCall[] {
  const [, account, region, repository] = /^(\d+)\.dkr\.ecr\.([^.]+)\.[^/]+\/([^:@]+)/.exec(image)!;
  return [
    { action: 'ecr:GetAuthorizationToken', resource: '*' },
    ...['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'].map((action) => ({
      action,
      resource: `arn:aws:ecr:${region}:${account}:repository/${repository}`,
    })),
  ];
}

/** Reads an object, and decrypts it if the buckets of the stack have a key. */
function reading(object: string, deployed: Deployed, context: IamCall['context'] = {}): IamCall[] {
  const keys: string[] = deployed
    .ofType('AWS::S3::Bucket')
    .map(({ BucketEncryption }) => BucketEncryption.ServerSideEncryptionConfiguration[0])
    .map(({ ServerSideEncryptionByDefault }) => ServerSideEncryptionByDefault.KMSMasterKeyID);
  return [
    { action: 's3:GetObject', resource: object, context },
    ...keys.map((resource) => ({ action: 'kms:Decrypt', resource })),
  ];
}

const HANDLE_INTERFACE = [
  'ec2:CreateNetworkInterfacePermission',
  'ec2:DeleteNetworkInterface',
  'ec2:DeleteNetworkInterfacePermission',
];

function joining(subnets: readonly string[], groups: readonly string[]): IamCall[] {
  return [
    ...SEE_NETWORK,
    ...[INTERFACE, ...placesOf(subnets, groups)].map((resource) => ({
      action: 'ec2:CreateNetworkInterface',
      resource,
    })),
    ...subnets.flatMap((subnet) =>
      HANDLE_INTERFACE.map((action) => ({
        action,
        resource: INTERFACE,
        context: { 'ec2:Subnet': arn('ec2', `subnet/${subnet}`) },
      })),
    ),
  ];
}

/** Bedrock tags its interfaces, and knows them by their tags. */
function joiningForImport(subnets: readonly string[], groups: readonly string[]): IamCall[] {
  const tags = { BedrockManaged: 'true', BedrockModelImportJobArn: arn('bedrock', 'model-import-job/abc123def456') };
  const tagged = (prefix: string) =>
    Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${prefix}/${key}`, value]));
  return [
    ...SEE_NETWORK,
    { action: 'ec2:CreateNetworkInterface', resource: INTERFACE, context: tagged('aws:RequestTag') },
    ...placesOf(subnets, groups).map((resource) => ({ action: 'ec2:CreateNetworkInterface', resource })),
    ...subnets.flatMap((subnet) =>
      HANDLE_INTERFACE.map((action) => ({
        action,
        resource: INTERFACE,
        context: { ...tagged('ec2:ResourceTag'), 'ec2:Subnet': arn('ec2', `subnet/${subnet}`) },
      })),
    ),
    {
      action: 'ec2:CreateTags',
      resource: INTERFACE,
      context: { 'ec2:CreateAction': 'CreateNetworkInterface', 'aws:TagKeys': Object.keys(tags) },
    },
  ];
}

function placesOf(subnets: readonly string[], groups: readonly string[]): string[] {
  return [
    ...subnets.map((subnet) => arn('ec2', `subnet/${subnet}`)),
    ...groups.map((group) => arn('ec2', `security-group/${group}`)),
  ];
}

/** Of `s3://bucket/key`, or of a URL of the bucket. */
function objectArn(url: string): string {
  const [, bucket, key] = /^(?:s3:\/\/|https:\/\/s3\.[^/]+\/)([^/]+)\/(.+)$/.exec(url)!;
  return `arn:aws:s3:::${bucket}/${key}`;
}
