import { Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IConstruct } from 'constructs';
import { DECRYPT_SECRET_PERMS, READ_SECRET_PERMS } from '../perms';

/**
 * Permits to read a secret, and nothing else.
 *
 * `ISecret.grantRead` also permits to describe it, and permits to decrypt it in the policy of the key alone, which that of
 * an imported key cannot be told.
 */
export function grantReadSecret(scope: IConstruct, secret: ISecret, grantee: IGrantable): void {
  const resourceArns = [arnForPolicies(scope, secret)];
  Grant.addToPrincipal({ grantee, actions: READ_SECRET_PERMS, resourceArns });
  const { encryptionKey } = secret;
  if (encryptionKey === undefined) return;
  // https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
  Grant.addToPrincipal({
    grantee,
    actions: DECRYPT_SECRET_PERMS,
    resourceArns: [encryptionKey.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${secret.env.region}.amazonaws.com` } },
  });
}

/** Where only the name of a secret is known, the six characters that Secrets Manager adds to it are left open. */
function arnForPolicies(scope: IConstruct, { secretArn, secretFullArn, stack }: ISecret): string {
  const { account, region } = Stack.of(scope);
  const isHere = stack.account === account && stack.region === region;
  return isHere && secretFullArn !== undefined ? secretFullArn : `${secretArn}-??????`;
}
