import type { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { Report } from './checks';

/** Refuses a selection without subnets. The CDK throws where a VPC has none of a kind, and knows which kinds it has. */
export function checkSubnets(
  id: string,
  field: string,
  vpc: IVpc,
  selection: SubnetSelection | undefined,
  report: Report,
): void {
  let why = '';
  try {
    if (vpc.selectSubnets(selection).subnetIds.length > 0) return;
  } catch (error) {
    why = ` (${error instanceof Error ? error.message : String(error)})`;
  }
  report(id, field, `selects no subnet of ${vpc.node.path}${why}: name subnets that it has`);
}
