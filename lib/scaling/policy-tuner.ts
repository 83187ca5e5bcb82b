import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import {
  TUNER_VARIABLE,
  type TunedAgent,
  type TunedComponent,
  type TunerDeployment,
} from '../../core/scale/tuner-deployment';
import type { IAgent } from '../agent/agent-ref';
import { assertConfiguration, assertFirst, warn } from '../private/checks';
import { acknowledge, wildcardFinding } from '../private/findings';
import { FunctionConfig } from '../private/function-config';
import { CHANGE_COPIES, changeScaling, READ_COPIES, scalableTargets } from '../private/scaling-perms';
import { ScheduledFunction } from '../private/scheduled-function';
import { assertShape } from '../private/shape';
import { KEEP_LEDGER, KEEP_TRACKING_ALARMS, OBSERVE, SEE_ALARMS, TUNE } from './perms';
import type { PolicyTunerProps } from './policy-tuner-props';
import { shapeOf } from './private/graph-shape';
import { TUNER } from './private/shapes';
import { type ScaledComponent, TunedComponents, tunedComponent, untunedBySpillover } from './private/tuned-components';
import { checkTuner, claimComponents } from './private/tuner-checks';
import { tunerGraphs } from './private/tuner-graphs';
import { TunerAlarms, type TunerAlarmsOptions } from './tuner-alarms';
import { TunerMetrics } from './tuner-metrics';
import { TuningMode } from './tuning-mode';

/** A tick takes seconds; one that is stuck must not keep many others waiting. */
const TIMEOUT = Duration.minutes(1);

const MEMORY_MIB = 512;

const LEDGER_RETENTION = Duration.days(90);

/**
 * Moves the targets and minimums of scaling policies so that P95 of agents meets their objectives at the least cost, in small steps that
 * it watches and takes back, within bounds, and tells why in a ledger.
 *
 * The template owns the bounds, which no decision leaves; a deployment that changes a target or a minimum sets it anew, and the tuner
 * goes on from there.
 */
export class PolicyTuner extends Construct {
  /** What was observed, decided and done, and why; and what the tuner knows. */
  public readonly ledger: Table;
  /** The tuner. */
  public readonly function: LambdaFunction;
  /** Events that the tuner has failed to handle. */
  public readonly failedEvents: IQueue;
  public readonly agents: readonly IAgent[];
  /** What the tuner publishes. */
  public readonly metrics: TunerMetrics;

  readonly #tuned: TunedComponents;

  /** @throws ConfigurationError that lists every fault */
  constructor(scope: Construct, id: string, props: PolicyTunerProps) {
    super(scope, id);

    assertShape(this, 'tuner', props, TUNER);
    this.agents = [...props.agents];
    this.#tuned = new TunedComponents(this.agents);
    const components = this.#bounded(props);
    claimComponents(this, this.#tuned);
    this.#warnOfSpillover();
    for (const [, { component }] of this.#tuned.all) component.showPublishedCopies();

    this.ledger = new Table(this, 'Ledger', {
      partitionKey: { name: 'component', type: AttributeType.STRING },
      sortKey: { name: 'at', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiresAtSeconds',
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
    });
    acknowledge(this.ledger, 'Point-in-time recovery keeps what was written', ['NIST.800.53.R5-DynamoDBInBackupPlan']);

    const { function: fn, failedEvents } = new ScheduledFunction(this, 'Tuner', {
      code: 'tuner',
      description: `Tunes the scaling behind: ${this.agents.map(({ graph }) => graph.name).join(', ')}`.slice(0, 256),
      memoryMiB: MEMORY_MIB,
      timeout: TIMEOUT,
      every: Duration.minutes(1),
      input: { type: 'tick' },
    });
    this.function = fn;
    this.failedEvents = failedEvents;
    const mode = props.mode ?? TuningMode.ACT;
    new FunctionConfig<TunerDeployment>(this, 'Config', {
      variable: TUNER_VARIABLE,
      config: {
        mode: mode.name,
        table: this.ledger.tableName,
        ledgerDays: (props.ledgerRetention ?? LEDGER_RETENTION).toDays({ integral: false }),
        ...(props.mechanisms && { mechanisms: props.mechanisms }),
        agents: this.#agents(),
        components,
      },
      description: 'What a tuner may tune, toward what and within which bounds',
      faultPrefix: 'tuner',
    }).tell(fn);
    this.#permit(mode);
    this.metrics = new TunerMetrics(fn);
  }

  /** What is tuned, by the name that the ledger has for it. */
  public get components(): Readonly<Record<string, ScaledComponent>> {
    return Object.fromEntries(this.#tuned.all);
  }

  /**
   * Alarms on the objectives and on the tuner, in the stack of this. Without actions they can be looked at, and no one is told.
   *
   * @throws ConfigurationError at the second call
   */
  public alarms(options: TunerAlarmsOptions = {}): TunerAlarms {
    assertFirst(this, 'Alarms', 'tuner/alarms-twice', 'alarms', 'new TunerAlarms(...)');
    return new TunerAlarms(this, 'Alarms', { ...options, tuner: this });
  }

  /** Adds rows about tuning to a dashboard, such as that of an agent. */
  public addToDashboard(dashboard: Dashboard): void {
    for (const row of tunerGraphs(this)) dashboard.addWidgets(...row);
  }

  #bounded(props: PolicyTunerProps): Record<string, TunedComponent> {
    const bounded: Record<string, TunedComponent> = {};
    assertConfiguration(this, (report) => {
      checkTuner(props, this.#tuned, report);
      for (const [name, scaled] of this.#tuned.all) {
        const own = props.components?.find(({ component }) => component === scaled.component) ?? {};
        const tuned = tunedComponent(this, name, scaled, own, report);
        if (tuned) bounded[name] = tuned;
      }
    });
    return bounded;
  }

  #warnOfSpillover(): void {
    const spilling = this.agents.flatMap((agent) => untunedBySpillover(agent, this.#tuned));
    if (spilling.length === 0) return;
    const message = `models behind a Spillover are not tuned, although their copies scale: ${spilling.join('; ')}: their targets and minimums stay as deployed`;
    warn(this, 'tuner/spillover-not-tuned', message);
  }

  #agents(): Record<string, TunedAgent> {
    return Object.fromEntries(
      this.agents.map((agent) => [
        agent.graph.name,
        {
          functionName: agent.function.functionName,
          objectiveMs: agent.objective!.p95.toMilliseconds(),
          nodes: shapeOf(agent.graph.definition, (component) => this.#tuned.nameOf(agent, component) ?? component),
        },
      ]),
    );
  }

  #permit(mode: TuningMode): void {
    const components = this.#tuned.all.map(([, { component }]) => component.inferenceComponentArn);
    const permit = (actions: string[], resources: string[]) =>
      this.function.addToRolePolicy(new PolicyStatement({ actions, resources }));
    permit(KEEP_LEDGER, [this.ledger.tableArn]);
    permit(OBSERVE, ['*']);
    permit(READ_COPIES, components);
    if (mode !== TuningMode.ACT) return;
    permit(CHANGE_COPIES, components);
    permit(SEE_ALARMS, ['*']);
    const stack = Stack.of(this);
    const alarms = this.#tuned.all.map(([, { component }]) => trackingAlarms(stack, component.inferenceComponentName));
    const targets = scalableTargets(this, stack.region);
    permit(KEEP_TRACKING_ALARMS, alarms);
    this.function.addToRolePolicy(changeScaling(targets, TUNE));
    acknowledge(this.function, 'Application Auto Scaling makes up the ids of targets and the names of alarms', [
      ...[targets, ...alarms].map((resource) => wildcardFinding(this, resource)),
    ]);
  }
}

/** Application Auto Scaling names them after what scales, as in `TargetTracking-inference-component/writer-AlarmHigh-...`. */
function trackingAlarms(stack: Stack, inferenceComponentName: string): string {
  return stack.formatArn({
    service: 'cloudwatch',
    resource: 'alarm',
    resourceName: `TargetTracking-inference-component/${inferenceComponentName}-Alarm*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
