import type { IResource } from 'aws-cdk-lib';

/** Limits the use of a key to what Bedrock does for the caller. */
export function viaBedrock({ env }: Pick<IResource, 'env'>): Record<string, Record<string, string>> {
  return { StringEquals: { 'kms:ViaService': `bedrock.${env.region}.amazonaws.com` } };
}
