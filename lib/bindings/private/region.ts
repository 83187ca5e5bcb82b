import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { known } from '../../private/checks';

/** The region for a binding: none if it is that of the agent, or if nobody can tell before the deployment. */
export function regionElsewhere(scope: Construct, region: string | undefined): { readonly region?: string } {
  const elsewhere = known(region);
  return elsewhere === undefined || elsewhere === Stack.of(scope).region ? {} : { region: elsewhere };
}
