import { Arn, Aws, Stack } from 'aws-cdk-lib';
import { type IRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { ModelWeights } from '../imported-model-props';
import { CREATE_INTERFACE, LIST_WEIGHTS, READ_WEIGHTS, SEE_NETWORK, TAG_INTERFACE, USE_INTERFACE } from './perms';

/** Where an import runs. */
export interface JoinedNetwork {
  readonly subnetIds: readonly string[];
  /** Who owns the subnets: another account if they are shared. */
  readonly subnetOwner: string;
  readonly securityGroupIds: readonly string[];
}

/** A role that Bedrock assumes for the imports of this account and Region, and for nothing else. */
export function importRole(scope: Construct, id: string): Role {
  return new Role(scope, id, {
    description: 'What model imports of Bedrock run as',
    assumedBy: new ServicePrincipal('bedrock.amazonaws.com').withConditions({
      StringEquals: { 'aws:SourceAccount': Stack.of(scope).account },
      ArnLike: { 'aws:SourceArn': importJobs(scope) },
    }),
  });
}

/** Permits to read one folder, and to decrypt it where the key is known. */
export function permitWeights(role: IRole, { bucket }: ModelWeights, folder: string): void {
  const sameOwner = { StringEquals: { 'aws:ResourceAccount': bucket.env.account } };
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: READ_WEIGHTS,
      resources: [bucket.arnForObjects(`${folder}/*`)],
      conditions: sameOwner,
    }),
  );
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: LIST_WEIGHTS,
      resources: [bucket.bucketArn],
      conditions: { ...sameOwner, StringLike: { 's3:prefix': [folder, `${folder}/*`] } },
    }),
  );
  bucket.encryptionKey?.grantDecrypt(role);
}

/** Permits to read the weights through network interfaces in these subnets, which Bedrock makes and tags. */
export function permitNetwork(
  scope: Construct,
  role: IRole,
  { subnetIds, subnetOwner, securityGroupIds }: JoinedNetwork,
): void {
  const ec2 = (resource: string, resourceName: string, account = Stack.of(scope).account) =>
    Arn.format({ service: 'ec2', account, resource, resourceName }, Stack.of(scope));
  const interfaces = [ec2('network-interface', '*')];
  const subnets = subnetIds.map((id) => ec2('subnet', id, subnetOwner));
  const groups = securityGroupIds.map((id) => ec2('security-group', id));
  const jobs = importJobs(scope);
  const statements = [
    new PolicyStatement({ actions: SEE_NETWORK, resources: ['*'] }),
    new PolicyStatement({
      actions: CREATE_INTERFACE,
      resources: interfaces,
      conditions: {
        StringEquals: { 'aws:RequestTag/BedrockManaged': 'true' },
        ArnLike: { 'aws:RequestTag/BedrockModelImportJobArn': jobs },
      },
    }),
    new PolicyStatement({ actions: CREATE_INTERFACE, resources: [...subnets, ...groups] }),
    new PolicyStatement({
      actions: USE_INTERFACE,
      resources: ['*'],
      conditions: {
        StringEquals: { 'ec2:ResourceTag/BedrockManaged': 'true' },
        ArnLike: { 'ec2:Subnet': subnets, 'ec2:ResourceTag/BedrockModelImportJobArn': jobs },
      },
    }),
    new PolicyStatement({
      actions: TAG_INTERFACE,
      resources: interfaces,
      conditions: {
        StringEquals: { 'ec2:CreateAction': 'CreateNetworkInterface' },
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['BedrockManaged', 'BedrockModelImportJobArn'] },
      },
    }),
  ];
  for (const statement of statements) role.addToPrincipalPolicy(statement);
}

function importJobs(scope: Construct): string {
  const { region, account } = Stack.of(scope);
  return `arn:${Aws.PARTITION}:bedrock:${region}:${account}:model-import-job/*`;
}
