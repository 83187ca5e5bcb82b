import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { RuntimeTenantLimits } from '../../../core/api/config-variable';
import { acknowledge } from '../../private/findings';
import type { TenantLimits } from '../tenant-limits';

/** All that a function does to it: to decide and to write are one. */
const COUNT_RUNS = ['dynamodb:UpdateItem'];

/** The table in which the functions of an agent keep count of its tenants' runs together. */
export class TenantsTable extends Table {
  readonly #limits: TenantLimits;

  constructor(scope: Construct, id: string, limits: TenantLimits) {
    super(scope, id, {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiresAtSeconds',
      billingMode: BillingMode.PAY_PER_REQUEST,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.#limits = limits;
    acknowledge(this, 'What it holds is of use for as long as a run lasts', [
      'AwsSolutions-DDB3',
      'NIST.800.53.R5-DynamoDBPITREnabled',
      'NIST.800.53.R5-DynamoDBInBackupPlan',
    ]);
  }

  /** What a function is told of it. */
  public get runtime(): RuntimeTenantLimits {
    const { overrides, ...limits } = this.#limits;
    return { table: this.tableName, limits, ...(overrides && { overrides }) };
  }

  public grantCount({ grantPrincipal }: IGrantable): void {
    grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions: COUNT_RUNS, resources: [this.tableArn] }));
  }
}
