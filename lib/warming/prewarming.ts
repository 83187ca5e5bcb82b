import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { type IGrantable, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { WARMER_VARIABLE, type WarmedAgent, type WarmerConfig, warmGraphOf } from '../../core/warm';
import type { Agent } from '../agent/agent';
import { LambdaToolGrants } from '../bindings/lambda-tool';
import { assertConfiguration, assertFirst, checkAtSynthesis, warn } from '../private/checks';
import { acknowledge, wildcardFinding } from '../private/findings';
import { FunctionConfig } from '../private/function-config';
import { CHANGE_COPIES, changeScaling, READ_COPIES, scalableTargets } from '../private/scaling-perms';
import { ScheduledFunction } from '../private/scheduled-function';
import { assertShape } from '../private/shape';
import { RAISE_MINIMUM, READ_BOARD, READ_SCALING, TAKE_LEASE, WRITE_BOARD } from './perms';
import { PrewarmingAlarms, type PrewarmingAlarmsOptions } from './prewarming-alarms';
import { PrewarmingMetrics } from './prewarming-metrics';
import type { PrewarmingProps } from './prewarming-props';
import { checkPrewarming, checkScaledLater, checkStacks, fixedComponentsOf } from './private/prewarming-checks';
import { prewarmingGraphs } from './private/prewarming-graphs';
import { RestoreCapacity } from './private/restore-capacity';
import { PREWARMING } from './private/shapes';
import { warnOfUnpayable } from './private/warm-up-cost';
import { askedFirst, type WarmedComponent, warmedComponent } from './private/warmed-component';
import { checkWarmedOnce, noteWarming } from './private/warmed-once';
import { WarmingPolicy } from './warming-policy';

/** A day's share of the money can go in one hour: bursts need it, and a fault does not take the month's. */
const HOURS_OF_BUDGET = 30;

/** The longest that Lambda lets it live: it stays until what it started is ready. */
const TIMEOUT = Duration.minutes(15);

const MEMORY_MIB = 512;

/**
 * Starts the models that runs of agents are about to call, so that of cold starts one after another the longest remains.
 *
 * Agents tell it when a run begins that may need something cold. It raises minimums of copies and restores them as it found them,
 * also when it is removed, and keeps to a budget.
 */
export class Prewarming extends Construct {
  /** What is known of components, and what is held: shared by the warmer and the agents. */
  public readonly table: Table;
  /** The warmer. */
  public readonly function: LambdaFunction;
  /** Events that the warmer has failed to handle. */
  public readonly failedEvents: IQueue;
  public readonly agents: readonly Agent[];
  /** What the warmer publishes. */
  public readonly metrics: PrewarmingMetrics;

  /** @throws ConfigurationError that lists every fault */
  constructor(scope: Construct, id: string, props: PrewarmingProps) {
    super(scope, id);

    assertShape(this, 'prewarming', props, PREWARMING);
    this.agents = [...props.agents];
    const warmed = this.#warmedOf(props);
    const fixed = fixedComponentsOf(this.agents);
    const byKey = new Map(
      [...warmed.values()].flatMap((ofAgent) => [...ofAgent.values()].map((one) => [one.key, one])),
    );

    this.table = new Table(this, 'Board', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiresAtSeconds',
      billingMode: BillingMode.PAY_PER_REQUEST,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.DESTROY,
    });
    acknowledge(this.table, 'What it holds is seen and learned anew within days', [
      'AwsSolutions-DDB3',
      'NIST.800.53.R5-DynamoDBPITREnabled',
      'NIST.800.53.R5-DynamoDBInBackupPlan',
    ]);

    const warmer = new ScheduledFunction(this, 'Warmer', {
      code: 'warmer',
      description: `Warms what runs are about to call: ${this.agents.map(({ graph }) => graph.name).join(', ')}`.slice(
        0,
        256,
      ),
      memoryMiB: MEMORY_MIB,
      timeout: TIMEOUT,
      every: Duration.minutes(1),
      input: { type: 'tick' },
    });
    this.function = warmer.function;
    this.failedEvents = warmer.failedEvents;
    new FunctionConfig(this, 'Config', {
      variable: WARMER_VARIABLE,
      config: this.#configOf(props, warmed, byKey),
      description: 'What a warmer may warm',
      faultPrefix: 'prewarming',
    }).tell(this.function);
    const components = [...byKey.values()];
    this.#onBoard(this.function, [...READ_BOARD, ...WRITE_BOARD]);
    for (const component of components) component.grantCalls(this.function);
    const restore = this.#permitScaling(components.flatMap((one) => (one.scaling ? [{ ...one, ...one.scaling }] : [])));
    // Removed in the reverse order: first nothing calls it any more, then it restores.
    warmer.schedule.node.addDependency(restore);

    for (const agent of this.agents) this.#wire(agent, warmed.get(agent)!);
    this.metrics = new PrewarmingMetrics(this.function);
    // Switched off, it only restores.
    if (props.enabled !== false) {
      warnOfUnpayable(this, components, hourlyBudgetOf(props));
      noteWarming(this, components);
    }
    checkAtSynthesis(this, (report) => {
      checkScaledLater(fixed, report);
      checkWarmedOnce(this, report);
    });
  }

  /**
   * Alarms on warming, in the stack of this. Without actions they can be looked at, and no one is told.
   *
   * @throws ConfigurationError at the second call
   */
  public alarms(options: PrewarmingAlarmsOptions = {}): PrewarmingAlarms {
    assertFirst(this, 'Alarms', 'prewarming/alarms-twice', 'alarms', 'new PrewarmingAlarms(...)');
    return new PrewarmingAlarms(this, 'Alarms', { ...options, prewarming: this });
  }

  /** Adds rows about warming to a dashboard, such as that of an agent. */
  public addToDashboard(dashboard: Dashboard): void {
    for (const row of prewarmingGraphs(this)) dashboard.addWidgets(...row);
  }

  /** By agent and component name. */
  #warmedOf(props: PrewarmingProps): Map<Agent, Map<string, WarmedComponent>> {
    const all = new Map<Agent, Map<string, WarmedComponent>>();
    assertConfiguration(this, (report) => {
      checkPrewarming(props, report);
      for (const agent of this.agents) {
        const ofAgent = new Map<string, WarmedComponent>();
        for (const [name, component] of Object.entries(agent.components)) {
          const first = askedFirst(component);
          const own = props.components?.find((one) => askedFirst(one.component) === first) ?? {};
          const warmed = warmedComponent(this, component, own, `${agent.graph.name}.${name}`, report);
          if (warmed) ofAgent.set(name, warmed);
        }
        all.set(agent, ofAgent);
        checkStacks(this, agent, [...ofAgent.values()], report);
      }
    });
    for (const [{ graph }, { size }] of all) {
      if (size > 0) continue;
      const message = `the agent ${graph.name} has nothing that could be warmed: models with autoScaleCopies on a fleet, imported models, and functions with a firstCall`;
      warn(this, 'prewarming/nothing-to-warm', message);
    }
    return all;
  }

  #configOf(
    props: PrewarmingProps,
    warmed: ReadonlyMap<Agent, ReadonlyMap<string, WarmedComponent>>,
    byKey: ReadonlyMap<string, WarmedComponent>,
  ): WarmerConfig {
    const { monthlyBudget, maxSimultaneousWarms, enabled, policy = WarmingPolicy.ENTRY } = props;
    return {
      policy: policy.name,
      table: this.table.tableName,
      ...(enabled !== undefined && { enabled }),
      limits: {
        monthlyBudgetUsd: monthlyBudget,
        hourlyBudgetUsd: hourlyBudgetOf(props),
        ...(maxSimultaneousWarms !== undefined && { maxSimultaneousWarms }),
      },
      agents: Object.fromEntries(
        [...warmed].map(([{ graph }, components]): [string, WarmedAgent] => [
          graph.name,
          { graph: warmGraphOf(graph.definition), components: keysOf(components) },
        ]),
      ),
      backends: Object.fromEntries([...byKey].map(([key, { backend }]) => [key, backend])),
    };
  }

  /** Apart from its other permissions, which the warmer needs to restore what it loses those on. */
  #permitScaling(components: readonly Scaled[]): RestoreCapacity {
    const { function: warmer, table } = this;
    const restore = new RestoreCapacity(this, 'Restore', { warmer, table, keys: components.map(({ key }) => key) });
    if (components.length === 0) return restore;

    const policy = new Policy(this, 'Scaling', { roles: [warmer.role!] });
    const targets = [...new Set(components.map(({ region }) => region))].map((region) => scalableTargets(this, region));
    policy.addStatements(
      new PolicyStatement({ actions: READ_SCALING, resources: ['*'] }),
      ...targets.map((ofRegion) => changeScaling(ofRegion, RAISE_MINIMUM)),
      new PolicyStatement({
        actions: [...READ_COPIES, ...CHANGE_COPIES],
        resources: components.map(({ inferenceComponentArn }) => inferenceComponentArn),
      }),
    );
    acknowledge(policy, 'Application Auto Scaling makes up the ids of targets, and describes them by no resource', [
      wildcardFinding(this, '*'),
      ...targets.map((ofRegion) => wildcardFinding(this, ofRegion)),
    ]);
    restore.guard(policy);
    return restore;
  }

  #wire(agent: Agent, components: ReadonlyMap<string, WarmedComponent>): void {
    if (components.size === 0) return;
    agent._warmWith({
      table: this.table.tableName,
      functionName: this.function.functionName,
      components: keysOf(components),
    });
    this.#onBoard(agent.function, READ_BOARD);
    // Others than leases are the warmer's alone.
    this.#onBoard(agent.function, TAKE_LEASE, { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['lease#*'] } });
    LambdaToolGrants.fromFunction(this.function).invoke(agent.function);
  }

  #onBoard({ grantPrincipal }: IGrantable, actions: string[], conditions: Record<string, object> = {}): void {
    grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [this.table.tableArn], conditions }));
  }
}

type Scaled = Pick<WarmedComponent, 'key'> & NonNullable<WarmedComponent['scaling']>;

function hourlyBudgetOf({ monthlyBudget, hourlyBudget }: PrewarmingProps): number {
  return hourlyBudget ?? monthlyBudget / HOURS_OF_BUDGET;
}

function keysOf(components: ReadonlyMap<string, WarmedComponent>): Record<string, string> {
  return Object.fromEntries([...components].map(([name, { key }]) => [name, key]));
}
