import { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { AwsCustomResource, AwsCustomResourcePolicy } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { FUNCTION_INVOKE_PERMS } from '../../bindings/perms';

/** What a warmer has changed is restored in seconds; SageMaker may keep it waiting. */
const TIMEOUT = Duration.minutes(5);

const MEMORY_MIB = 256;

/** Has a warmer restore all that it changed when it is taken out of a stack. */
export class RestoreOnRemoval extends Construct {
  constructor(scope: Construct, id: string, props: { readonly warmer: LambdaFunction; readonly table: Table }) {
    super(scope, id);
    const { warmer, table } = props;
    const resource = new AwsCustomResource(this, 'Resource', {
      onDelete: {
        service: 'Lambda',
        action: 'invoke',
        parameters: { FunctionName: warmer.functionName, Payload: JSON.stringify({ type: 'stop' }) },
        // Nothing that goes wrong here may keep a stack from being deleted.
        ignoreErrorCodesMatching: '.*',
        outputPaths: [],
      },
      policy: AwsCustomResourcePolicy.fromStatements([
        new PolicyStatement({ actions: FUNCTION_INVOKE_PERMS, resources: [warmer.functionArn] }),
      ]),
      timeout: TIMEOUT,
      memorySize: MEMORY_MIB,
      installLatestAwsSdk: false,
    });
    // It still has to read its configuration, and what it wrote down.
    resource.node.addDependency(warmer, table);
  }
}
