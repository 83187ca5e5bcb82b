import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Acknowledges findings of cdk-nag that lie in what a construct is, so that not everyone who uses it must.
 *
 * Only ids that can hide nothing else: of resources that belong to the construct alone, or with a finding that says it all.
 */
export function acknowledge(construct: IConstruct, reason: string, ids: readonly string[]): void {
  Validations.of(construct).acknowledge(...[...new Set(ids)].map((id) => ({ id, reason })));
}

/** The id under which cdk-nag reports a resource with a wildcard, which may hold tokens. */
export function wildcardFinding(scope: IConstruct, resource: string): string {
  return `AwsSolutions-IAM5[Resource::${written(Stack.of(scope).resolve(resource))}]`;
}

/** References as cdk-nag writes them: `<AWS::AccountId>`. */
function written(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if ('Fn::Join' in value) {
    const [separator, parts] = value['Fn::Join'] as [string, unknown[]];
    return parts.map(written).join(separator);
  }
  if ('Fn::GetAtt' in value) return `<${(value['Fn::GetAtt'] as unknown[]).map(written).join('.')}>`;
  return 'Ref' in value ? `<${written(value.Ref)}>` : JSON.stringify(value);
}
