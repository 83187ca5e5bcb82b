import { Arn, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { functionCode } from '../../private/function-code';
import {
  CHANGE_MODELS,
  IMPORT_ENCRYPTED_MODEL,
  READ_IMPORTS,
  READ_MODELS,
  STACK_TAG,
  START_AND_FIND_IMPORTS,
  TAG_MODELS,
} from './perms';
import { viaBedrock } from './via-bedrock';

const ID = 'BedrockModelImporter';

/** The functions that import the models of a stack: one set for all of them. */
export class ImporterProvider extends Construct {
  public static of(scope: Construct): ImporterProvider {
    const stack = Stack.of(scope);
    const existing = stack.node.tryFindChild(ID);
    return existing instanceof ImporterProvider ? existing : new ImporterProvider(stack, ID);
  }

  /** What resources name as their provider. */
  public readonly serviceToken: string;

  readonly #importer: LambdaFunction;

  private constructor(scope: Construct, id: string) {
    super(scope, id);

    const logGroup = new LogGroup(this, 'Logs', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const common = {
      code: functionCode('importer'),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 256,
      timeout: Duration.minutes(2),
      logGroup,
    };
    this.#importer = new LambdaFunction(this, 'Importer', {
      ...common,
      handler: 'index.isComplete',
      description: 'Imports models into Bedrock and deletes them',
    });
    const jobs = [this.#arnOfAll('model-import-job')];
    const models = [this.#arnOfAll('imported-model')];
    const ofThisStack = { [`aws:ResourceTag/${STACK_TAG}`]: Stack.of(this).stackName };
    for (const statement of [
      { actions: START_AND_FIND_IMPORTS, resources: ['*'] },
      { actions: READ_IMPORTS, resources: jobs },
      { actions: READ_MODELS, resources: models },
      { actions: TAG_MODELS, resources: models, conditions: { StringEqualsIfExists: ofThisStack } },
      { actions: CHANGE_MODELS, resources: models, conditions: { StringEquals: ofThisStack } },
    ]) {
      this.#importer.addToRolePolicy(new PolicyStatement(statement));
    }

    this.serviceToken = new Provider(this, 'Provider', {
      onEventHandler: new LambdaFunction(this, 'Accept', {
        ...common,
        handler: 'index.onEvent',
        description: 'Names the models that are to be imported into Bedrock',
      }),
      isCompleteHandler: this.#importer,
      queryInterval: Duration.seconds(30),
      totalTimeout: Duration.hours(1),
      logGroup,
    }).serviceToken;
  }

  /** Permits to start imports that run as a role, and encrypt with a key. */
  public permit(role: IRole, key: IKey | undefined): void {
    this.#importer.addToRolePolicy(
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [role.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'bedrock.amazonaws.com' } },
      }),
    );
    if (key === undefined) return;
    this.#importer.addToRolePolicy(
      new PolicyStatement({
        actions: IMPORT_ENCRYPTED_MODEL,
        resources: [key.keyArn],
        conditions: viaBedrock(this.#importer),
      }),
    );
  }

  #arnOfAll(resource: 'imported-model' | 'model-import-job'): string {
    return Arn.format({ service: 'bedrock', resource, resourceName: '*' }, Stack.of(this));
  }
}
