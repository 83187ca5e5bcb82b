import { Names, Stack } from 'aws-cdk-lib';
import {
  type AddToPrincipalPolicyResult,
  type IGrantable,
  type IPrincipal,
  type IRole,
  Policy,
  PolicyDocument,
  type PolicyStatement,
} from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';

/** What is permitted to read what components need. */
export type Reader = IConstruct & IGrantable;

/**
 * The role of a fleet, as something in the stack of one of its components.
 *
 * What is granted to a role goes into a policy in the role's stack. That stack must not refer to what the stack of the component has, its
 * bucket say, because the component refers to the fleet. So there the role gets a policy of its own for each such stack.
 */
export function readerFor(component: IConstruct, role: IRole): Reader {
  const stack = Stack.of(component);
  if (Stack.of(role) === stack) return role;
  const id = `ReadsOf${Names.uniqueId(role)}`;
  return (stack.node.tryFindChild(id) as ReaderInStack | undefined) ?? new ReaderInStack(stack, id, role);
}

/** A role whose permissions are in another stack than the role. */
class ReaderInStack extends Construct implements IPrincipal {
  public readonly grantPrincipal = this;
  public readonly assumeRoleAction;
  public readonly policyFragment;
  public readonly principalAccount;

  readonly #policy: Policy;

  constructor(scope: Construct, id: string, role: IRole) {
    super(scope, id);
    this.assumeRoleAction = role.assumeRoleAction;
    this.policyFragment = role.policyFragment;
    this.principalAccount = role.principalAccount;
    this.#policy = new Policy(this, 'Policy', {
      // The default is unique in its stack only, and the role has a policy for each.
      policyName: Names.uniqueResourceName(this, { maxLength: 128 }),
      // Together the policies of a role may have 10,240 characters:
      // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
      document: new PolicyDocument({ minimize: true }),
    });
    role.attachInlinePolicy(this.#policy);
  }

  public addToPolicy(statement: PolicyStatement): boolean {
    return this.addToPrincipalPolicy(statement).statementAdded;
  }

  public addToPrincipalPolicy(statement: PolicyStatement): AddToPrincipalPolicyResult {
    this.#policy.addStatements(statement);
    return { statementAdded: true, policyDependable: this.#policy };
  }
}
