import { runSimulation } from '@cloud-copilot/iam-simulate';
import { ACCOUNT } from '../../support/resolve-template';

/** What a service asks IAM before it does what a caller wants. */
export interface IamCall {
  /** As in `bedrock:InvokeModel`. */
  readonly action: string;
  /** An ARN, or `*` if the action knows no resources. */
  readonly resource: string;
  /** Context keys of the request. */
  readonly context?: Readonly<Record<string, string | string[]>>;
}

/** A statement of a policy, as JSON has it. */
export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: object;
}

const PRINCIPAL = `arn:aws:iam::${ACCOUNT}:role/role`;

/** The policy that the CDK gives keys: IAM decides in the account of the key. */
const KEY_POLICY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }],
};

/** The calls that the statements do not allow. */
export async function deniedCalls(statements: readonly Statement[], calls: readonly IamCall[]): Promise<string[]> {
  const denied = [];
  for (const call of unique(calls)) if (!(await isAllowed(statements, call))) denied.push(nameOf(call));
  return denied;
}

/** The permissions that none of the calls needs: one for each action and resource of each statement. */
export async function unusedPermissions(
  statements: readonly Statement[],
  calls: readonly IamCall[],
): Promise<string[]> {
  const unused: string[] = [];
  for (const permission of permissionsIn(statements)) {
    const same = unique(calls).filter(({ action }) => action === permission.Action);
    let used = false;
    for (const call of same) used ||= await isAllowed([permission], call);
    if (!used) unused.push(nameOf({ action: permission.Action, resource: permission.Resource }));
  }
  return unused;
}

/** As in `s3:GetObject on arn:aws:s3:::bucket/key`. */
export function nameOf({ action, resource }: Pick<IamCall, 'action' | 'resource'>): string {
  return `${action} on ${resource}`;
}

function permissionsIn(statements: readonly Statement[]) {
  return statements
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap((statement) =>
      listOf(statement.Action).flatMap((Action) =>
        listOf(statement.Resource).map((Resource) => ({ ...statement, Action, Resource })),
      ),
    );
}

function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

function unique(calls: readonly IamCall[]): IamCall[] {
  return [...new Map(calls.map((call) => [JSON.stringify(call), call])).values()];
}

/** @throws Error if there is no such action, or it knows no such resource or context key */
async function isAllowed(statements: readonly Statement[], call: IamCall): Promise<boolean> {
  const { action, resource, context = {} } = call;
  const outcome = await runSimulation(
    {
      // Whoever owns a resource elsewhere, as AWS owns its images, permits on its side what is asked for here.
      request: { principal: PRINCIPAL, action, resource: { resource, accountId: ACCOUNT }, contextVariables: context },
      identityPolicies: [{ name: 'role', policy: { Version: '2012-10-17', Statement: statements } }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(action.startsWith('kms:') && { resourcePolicy: KEY_POLICY }),
    },
    {},
  );
  if (outcome.resultType === 'error') throw new Error(`${nameOf(call)}: ${JSON.stringify(outcome.errors)}`);
  const ignored = outcome.resultType === 'single' ? (outcome.result.ignoredContextKeys ?? []) : [];
  if (ignored.length > 0) throw new Error(`${nameOf(call)}: IAM has no ${ignored.join(', ')} there`);
  return outcome.overallResult === 'Allowed';
}
