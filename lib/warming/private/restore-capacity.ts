import { createHash } from 'node:crypto';
import { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import {
  AwsCustomResource,
  AwsCustomResourcePolicy,
  type AwsCustomResourceProps,
  type AwsSdkCall,
  PhysicalResourceId,
} from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { FUNCTION_INVOKE_PERMS } from '../../bindings/perms';

/** What a warmer has changed is restored in seconds; SageMaker may keep it waiting. */
const TIMEOUT = Duration.minutes(5);

const MEMORY_MIB = 256;

/** Enough to tell the components of two deployments apart. */
const ID_CHARS = 12;

export interface RestoreCapacityProps {
  readonly warmer: LambdaFunction;
  readonly table: Table;
  /** Of the components whose scaling it changes. */
  readonly keys: readonly string[];
}

/**
 * Has a warmer restore all that it changed while it still may: when other components are warmed than before, and when it is taken out of a
 * stack.
 *
 * A permission that outlives a component's warming would have to be one on any component of the account: SageMaker knows no condition on the
 * endpoint of a component, CloudFormation makes up their names, and tags of somebody else's components are not ours
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html).
 */
export class RestoreCapacity extends Construct {
  readonly #onChange: AwsCustomResource;
  readonly #onRemoval: AwsCustomResource;

  constructor(scope: Construct, id: string, { warmer, table, keys }: RestoreCapacityProps) {
    super(scope, id);
    const stop: AwsSdkCall = {
      service: 'Lambda',
      action: 'invoke',
      parameters: { FunctionName: warmer.functionName, Payload: JSON.stringify({ type: 'stop' }) },
      // Nothing that goes wrong here may keep a stack from being deployed or deleted.
      ignoreErrorCodesMatching: '.*',
      outputPaths: [],
    };
    this.#onChange = this.#resource('OnChange', {
      onUpdate: { ...stop, physicalResourceId: idOf(keys) },
      policy: AwsCustomResourcePolicy.fromStatements([
        new PolicyStatement({ actions: FUNCTION_INVOKE_PERMS, resources: [warmer.functionArn] }),
      ]),
    });
    // By then the warmer has its new configuration, so that it does not raise again what it restores.
    this.#onChange.node.addDependency(warmer, table);
    // One function serves both, with the permission of the other.
    const role = this.#onChange.grantPrincipal as IRole;
    this.#onRemoval = this.#resource('OnRemoval', { onDelete: stop, role });
    this.#onRemoval.node.addDependency(warmer, table, this.#onChange);
  }

  /** Has capacity restored before the warmer's permissions on it change, and before they are taken away. */
  public guard(permissions: Construct): void {
    permissions.node.addDependency(this.#onChange);
    this.#onRemoval.node.addDependency(permissions);
  }

  #resource(id: string, props: AwsCustomResourceProps): AwsCustomResource {
    return new AwsCustomResource(this, id, {
      timeout: TIMEOUT,
      memorySize: MEMORY_MIB,
      installLatestAwsSdk: false,
      ...props,
    });
  }
}

/** Another one for other components; CloudFormation then deletes the former, which does nothing. */
function idOf(keys: readonly string[]): PhysicalResourceId {
  const digest = createHash('sha256').update(JSON.stringify(keys.toSorted())).digest('hex');
  return PhysicalResourceId.of(digest.slice(0, ID_CHARS));
}
