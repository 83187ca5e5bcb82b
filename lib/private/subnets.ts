import type { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { Report } from './checks';

/**
 * The ids of the subnets that are selected; none is a fault. The CDK throws where a VPC has no subnets of a kind, and knows which kinds it
 * has.
 */
export function selectedSubnets(
  id: string,
  field: string,
  vpc: IVpc,
  selection: SubnetSelection | undefined,
  report: Report,
): readonly string[] {
  let why = '';
  try {
    const { subnetIds, isPendingLookup } = vpc.selectSubnets(selection);
    // Of a VPC that is looked up nothing is known before the CLI has done so.
    if (isPendingLookup || subnetIds.length > 0) return subnetIds;
  } catch (error) {
    why = ` (${error instanceof Error ? error.message : String(error)})`;
  }
  report(id, field, `selects no subnet of ${vpc.node.path}${why}: name subnets that it has`);
  return [];
}
