import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { Report } from '../../private/checks';
import { selectedSubnets } from '../../private/subnets';

/** Where the function of an agent runs. */
export interface AgentNetwork {
  readonly vpc: IVpc | undefined;
  readonly vpcSubnets: SubnetSelection | undefined;
  readonly securityGroups: readonly ISecurityGroup[] | undefined;
}

export function checkNetwork({ vpc, vpcSubnets, securityGroups }: AgentNetwork, report: Report): void {
  if (vpc === undefined) {
    for (const [field, given] of Object.entries({ vpcSubnets, securityGroups })) {
      if (given !== undefined) report('agent/network', field, 'needs vpc: give the network that has them');
    }
    return;
  }
  const open = new Set(vpc.publicSubnets.map(({ subnetId }) => subnetId));
  // https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html
  if (selectedSubnets('agent/network', 'vpcSubnets', vpc, vpcSubnets, report).some((id) => open.has(id))) {
    const why = 'where a function has no public address and reaches nothing outside';
    const remedy = 'select private ones, as in { subnetType: SubnetType.PRIVATE_WITH_EGRESS }';
    report('agent/network', 'vpcSubnets', `selects public subnets of ${vpc.node.path}, ${why}: ${remedy}`);
  }
  if (securityGroups?.length === 0) {
    report('agent/network', 'securityGroups', 'must not be empty: leave it out for a group of its own');
  }
}
