import { Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledge, wildcardFinding } from '../../private/findings';

interface VpcConfig {
  readonly subnets: readonly string[];
  /** Who owns the subnets: another account if they are shared. */
  readonly subnetOwner: string;
  readonly securityGroupIds: readonly string[];
}

export interface ExecutionRoleOptions {
  /** How the name of the endpoint begins. */
  readonly endpointNamePrefix: string;
  /** Where the containers are, if in a VPC. */
  readonly vpcConfig: VpcConfig | undefined;
}

/**
 * What the instances of a fleet run as: it writes logs and metrics, and joins the VPC. Components add what they read.
 *
 * The permissions are part of the role, not a policy beside it, so that they are there before the endpoint and outlive it.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createmodel-perms
 */
export function executionRole(
  scope: Construct,
  id: string,
  { endpointNamePrefix, vpcConfig }: ExecutionRoleOptions,
): Role {
  const stack = Stack.of(scope);
  const observing = observe(stack, endpointNamePrefix);
  const joining = vpcConfig && join(stack, vpcConfig);
  const role = new Role(scope, id, {
    description: 'Runs the instances of a fleet of inference components',
    assumedBy: new ServicePrincipal('sagemaker.amazonaws.com').withConditions({
      StringEquals: { 'aws:SourceAccount': stack.account },
      // For inference the ARN must be just this, its asterisk included:
      // https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html
      ArnLike: { 'aws:SourceArn': `arn:${stack.partition}:sagemaker:${stack.region}:${stack.account}:*` },
    }),
    inlinePolicies: {
      Observe: new PolicyDocument({ statements: observing }),
      ...(joining && { Network: new PolicyDocument({ statements: joining }) }),
    },
  });
  // Of the role itself: what is granted to it later goes into a policy beside it, whose wildcards are still reported.
  const wildcards = [...observing, ...(joining ?? [])].flatMap(({ resources }) => resources.filter(hasWildcard));
  acknowledge(
    role.node.defaultChild!,
    'SageMaker chooses the names of log groups and network interfaces; PutMetricData knows no resources and is limited ' +
      'to two namespaces; the Describe actions of EC2 know no resources',
    wildcards.map((resource) => wildcardFinding(role, resource)),
  );
  return role;
}

function hasWildcard(resource: string): boolean {
  return resource.includes('*');
}

function observe(stack: Stack, endpointNamePrefix: string): PolicyStatement[] {
  const logs = `arn:${stack.partition}:logs:${stack.region}:${stack.account}:log-group:/aws/sagemaker`;
  return [
    new PolicyStatement({
      actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      resources: [`${logs}/Endpoints/${endpointNamePrefix}*`, `${logs}/InferenceComponents/*`],
    }),
    new PolicyStatement({
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: {
        StringEquals: { 'cloudwatch:namespace': ['/aws/sagemaker/Endpoints', '/aws/sagemaker/InferenceComponents'] },
      },
    }),
  ];
}

function join(stack: Stack, vpcConfig: VpcConfig): PolicyStatement[] {
  const ec2 = (resource: string, account = stack.account) =>
    `arn:${stack.partition}:ec2:${stack.region}:${account}:${resource}`;
  const interfaces = ec2('network-interface/*');
  const subnets = vpcConfig.subnets.map((subnet) => ec2(`subnet/${subnet}`, vpcConfig.subnetOwner));
  return [
    new PolicyStatement({
      actions: ['ec2:CreateNetworkInterface'],
      resources: [interfaces, ...subnets, ...vpcConfig.securityGroupIds.map((group) => ec2(`security-group/${group}`))],
    }),
    new PolicyStatement({
      actions: [
        'ec2:CreateNetworkInterfacePermission',
        'ec2:DeleteNetworkInterface',
        'ec2:DeleteNetworkInterfacePermission',
      ],
      resources: [interfaces],
      conditions: { ArnLike: { 'ec2:Subnet': subnets } },
    }),
    new PolicyStatement({
      actions: [
        'ec2:DescribeDhcpOptions',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSubnets',
        'ec2:DescribeVpcs',
      ],
      resources: ['*'],
    }),
  ];
}
