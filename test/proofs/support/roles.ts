import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import type { LocalTable } from '../../../local/aws';
import { type CloudFormationTemplate, referenceOf, resolveTemplate } from '../../support/resolve-template';
import type { Statement } from './iam';

/** A role of a stack, as it is deployed. */
export interface DeployedRole {
  /** Path of its construct in the stack, as in `Support/Function/ServiceRole`. */
  readonly path: string;
  /** Policies of AWS. */
  readonly managedPolicyArns: readonly string[];
  /** All of its other policies. */
  readonly statements: readonly Statement[];
}

interface Policy {
  readonly PolicyDocument: { readonly Statement: readonly Statement[] };
}

/** A stack, with the names that its resources could have. */
export class Deployed {
  readonly roles: readonly DeployedRole[];
  readonly #resources: CloudFormationTemplate['Resources'];

  constructor(stack: Stack) {
    this.#resources = resolveTemplate(Template.fromStack(stack).toJSON() as CloudFormationTemplate).Resources;
    this.roles = stack.node
      .findAll()
      .filter((construct) => construct instanceof CfnRole)
      .map((role) => this.#roleOf(stack.resolve(role.logicalId), role.node.path.split('/').slice(1, -1).join('/')));
  }

  /** The properties of the resources of a type. */
  ofType(type: string): any[] {
    return Object.values(this.#resources).flatMap(({ Type, Properties }) => (Type === type ? [Properties] : []));
  }

  /** The properties of the resources of a type, by what `Ref` gives for them. */
  byReference(type: string): Readonly<Record<string, any>> {
    const ofType = Object.entries(this.#resources).filter(([, { Type }]) => Type === type);
    return Object.fromEntries(
      ofType.map(([id, { Properties }]) => [referenceOf(id, { Resources: this.#resources }), Properties]),
    );
  }

  /** @throws Error if there is none at the path */
  role(path: string): DeployedRole {
    const role = this.roles.find((one) => one.path === path);
    if (!role) throw new Error(`there is no role ${path}, but ${this.roles.map((one) => one.path).join(', ')}`);
    return role;
  }

  #roleOf(logicalId: string, path: string): DeployedRole {
    const { Policies = [], ManagedPolicyArns = [] } = this.#resources[logicalId]?.Properties ?? {};
    const name = logicalId.toLowerCase();
    const beside = this.ofType('AWS::IAM::Policy').filter(({ Roles }) => Roles.includes(name));
    const policies: readonly Policy[] = [...Policies, ...beside];
    return {
      path,
      managedPolicyArns: ManagedPolicyArns,
      statements: policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement),
    };
  }
}

/** A variable of the one function that has it. */
export function variableOf(deployed: Deployed, name: string): string {
  const [value] = deployed
    .ofType('AWS::Lambda::Function')
    .flatMap(({ Environment }) => Environment?.Variables[name] ?? []);
  return value;
}

/** The tables of DynamoDB of a stack, for the local stack. */
export function tablesOf(deployed: Deployed): LocalTable[] {
  return Object.entries(deployed.byReference('AWS::DynamoDB::Table')).map(([name, { KeySchema }]) => {
    const [partitionKey, sortKey] = KeySchema.map(({ AttributeName }: any) => ({ name: AttributeName, type: 'S' }));
    return { name, partitionKey, ...(sortKey && { sortKey }) };
  });
}
