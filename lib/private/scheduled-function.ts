import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { FUNCTION_INVOKE_PERMS } from '../bindings/perms';
import { acknowledge } from './findings';
import { type FunctionName, functionCode } from './function-code';

export interface ScheduledFunctionProps {
  /** Which of the functions that come with the package. */
  readonly code: FunctionName;
  /** What it does. */
  readonly description: string;
  readonly memoryMiB: number;
  readonly timeout: Duration;
  readonly every: Duration;
  /** What the schedule tells it. */
  readonly input: object;
}

/** The least that Lambda and the scheduler know. What is older has been overtaken by the next call. */
const MAX_EVENT_AGE = Duration.minutes(1);

/** Lambda sends them as the role of the function. */
const SEND_FAILED_EVENTS = ['sqs:SendMessage'];

/**
 * A function of this package that a schedule calls, beside whoever else calls it without waiting.
 *
 * A call that fails is not repeated, since the next one does all that is to do; its event is kept in a queue.
 */
export class ScheduledFunction extends Construct {
  public readonly function: LambdaFunction;
  /** Events of calls that failed. */
  public readonly failedEvents: Queue;
  public readonly schedule: Schedule;

  constructor(scope: Construct, id: string, props: ScheduledFunctionProps) {
    super(scope, id);

    this.failedEvents = new Queue(this, 'FailedEvents', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(4),
    });
    acknowledge(this.failedEvents, 'It is where events go that could not be handled', [
      'AwsSolutions-SQS3',
      'Serverless-SQSRedrivePolicy',
    ]);

    this.function = new LambdaFunction(this, 'Function', {
      description: props.description,
      code: functionCode(props.code),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMiB,
      timeout: props.timeout,
      tracing: Tracing.ACTIVE,
      logGroup: new LogGroup(this, 'Logs', {
        retention: RetentionDays.ONE_MONTH,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      onFailure: { bind: () => ({ destination: this.failedEvents.queueArn }) },
      retryAttempts: 0,
      maxEventAge: MAX_EVENT_AGE,
    });
    // The destination of the CDK would also permit to look the queue up.
    this.function.addToRolePolicy(
      new PolicyStatement({ actions: SEND_FAILED_EVENTS, resources: [this.failedEvents.queueArn] }),
    );
    acknowledge(this.function, 'X-Ray, and the actions that describe scaling, know no resources', [
      'AwsSolutions-IAM5[Resource::*]',
    ]);
    acknowledge(this.function, 'Events that fail go to a destination, which tells more than a dead letter queue', [
      'Serverless-LambdaDLQ',
      'NIST.800.53.R5-LambdaDLQ',
    ]);

    this.schedule = new Schedule(this, 'Schedule', {
      description: props.description,
      schedule: ScheduleExpression.rate(props.every),
      target: new LambdaInvoke(this.function, {
        role: this.#schedulerRole().withoutPolicyUpdates(),
        input: ScheduleTargetInput.fromObject(props.input),
        retryAttempts: 0,
        maxEventAge: MAX_EVENT_AGE,
      }),
    });
  }

  /** By itself the schedule would get a role that may call every version of the function. */
  #schedulerRole(): Role {
    const role = new Role(this, 'SchedulerRole', {
      description: 'Calls a function by schedule',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    role.addToPolicy(new PolicyStatement({ actions: FUNCTION_INVOKE_PERMS, resources: [this.function.functionArn] }));
    return role;
  }
}
