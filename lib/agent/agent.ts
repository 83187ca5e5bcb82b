import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { type IGrantable, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { type ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DISABLE_ASSET_STAGING_CONTEXT } from 'aws-cdk-lib/cx-api';
import { Construct } from 'constructs';
import type { RunRecordLevel, RuntimeWarming } from '../../core/api/config-variable';
import type { ComponentNames, Graph } from '../../core/graph/graph';
import type { IComponent } from '../component';
import { AgentAlarms, type AgentAlarmsOptions } from '../observability/agent-alarms';
import { AgentDashboard } from '../observability/agent-dashboard';
import { AgentMetrics } from '../observability/agent-metrics';
import { assertConfiguration, assertFirst, faultsOf, knownMs, type Report, warn } from '../private/checks';
import { assertShape, checkShape } from '../private/shape';
import { PolicyTuner } from '../scaling/policy-tuner';
import type { PolicyTunerOptions } from '../scaling/policy-tuner-props';
import { Prewarming } from '../warming/prewarming';
import type { PrewarmingOptions } from '../warming/prewarming-props';
import type { AgentBundling } from './agent-bundling';
import type { AgentAttributes, AgentObjective, IAgent } from './agent-ref';
import { type AgentSettings, checkAgent, nodesBeyond, TIME_TO_ANSWER } from './private/agent-checks';
import { AgentConfig } from './private/agent-config';
import { bindComponents } from './private/bind-components';
import { type Bundle, bundleModule } from './private/bundle';
import { DEFAULT_DEADLINE, ImportedAgent } from './private/imported-agent';
import { inspectBundle } from './private/inspect-bundle';
import { AGENT } from './private/shapes';
import { TenantsTable } from './private/tenants-table';
import { warnOfUnpricedBudget } from './private/unpriced-budget';
import type { TenantLimits } from './tenant-limits';

export interface AgentProps<G extends Graph = Graph> {
  /** The agent, as the module of `entry` serves it. */
  readonly graph: G;

  /** Where each component of the graph runs, by its name; TypeScript knows which there are. */
  readonly components: Readonly<Record<ComponentNames<G>, IComponent>>;

  /**
   * The module that exports `handler = serve(graph)`, absolute or relative to where the app is started.
   *
   * @default - `code` is given
   */
  readonly entry?: string;

  /**
   * The code of the function, bundled already: a CommonJS module `index` that exports `handler`.
   *
   * @default - the bundle of `entry`
   */
  readonly code?: Code;

  /**
   * How `entry` is bundled.
   *
   * @default - minified, with the AWS SDK inside
   */
  readonly bundling?: AgentBundling;

  /**
   * Most time a run may take, up to 898 s. API Gateway waits for 29 s unless the account's quota is raised, or the graph streams.
   *
   * @default Duration.seconds(28)
   */
  readonly deadline?: Duration;

  /**
   * What the latency should be: alarms watch it.
   *
   * @default - none
   */
  readonly objective?: AgentObjective;

  /**
   * What each tenant may have of this agent, counted over all its functions; what is more is answered 429. Tenants are whom the API tells
   * apart: by a claim of their tokens, else by user, role or API key. Where anybody may call, all callers are one tenant.
   *
   * @default - tenants have no limits but those of the API
   */
  readonly tenantLimits?: TenantLimits;

  /**
   * Memory of the function, in MiB; its share of a CPU grows with it.
   *
   * @default 1024
   */
  readonly memorySize?: number;

  /**
   * Most runs at once, and so many that no other function can take away.
   *
   * @default - what the account has left
   */
  readonly reservedConcurrentExecutions?: number;

  /**
   * Variables that the nodes of the graph read.
   *
   * @default - none
   */
  readonly environment?: Readonly<Record<string, string>>;

  /**
   * Where the function runs, to reach services without a public address.
   *
   * @default - outside of any VPC
   */
  readonly vpc?: IVpc;

  /** @default - the private subnets */
  readonly vpcSubnets?: SubnetSelection;

  /** @default - one of its own */
  readonly securityGroups?: readonly ISecurityGroup[];

  /**
   * Where the function logs: one line for each run, without prompts and answers.
   *
   * @default - a log group of its own, which keeps a month and goes with the stack
   */
  readonly logGroup?: ILogGroup;

  /**
   * Of which runs the whole record is logged, for `compound run show`: what each node and call took, waited and cost, without
   * prompts and answers. A record of ten calls takes about 2 KB of the log.
   *
   * @default 'all'
   */
  readonly runRecords?: RunRecordLevel;
}

const DEFAULT_MEMORY_MIB = 1024;

/**
 * Runs an agent graph in a Lambda function that may call exactly the components of the graph.
 *
 * Put an `AgentApi` in front to call it over HTTP.
 */
export class Agent<G extends Graph = Graph> extends Construct implements IAgent {
  /** An agent that another app deployed: for APIs, dashboards and alarms. Its components are not known. */
  public static fromAgentAttributes(scope: Construct, id: string, attributes: AgentAttributes): IAgent {
    return new ImportedAgent(scope, id, attributes);
  }

  public readonly graph: G;
  public readonly function: LambdaFunction;
  public readonly components: Readonly<Record<string, IComponent>>;
  public readonly deadline: Duration;
  public readonly objective?: AgentObjective;
  public readonly tenantLimits?: TenantLimits;
  private readonly config: AgentConfig;

  /** What the runs of the agent publish. */
  public readonly metrics: AgentMetrics = new AgentMetrics(this);

  /** @throws ConfigurationError that lists every fault, those of the bindings included */
  constructor(scope: Construct, id: string, props: AgentProps<G>) {
    super(scope, id);
    assertShape(this, 'agent', props, AGENT);

    this.graph = props.graph;
    this.components = props.components;
    this.deadline = props.deadline ?? DEFAULT_DEADLINE;
    this.objective = props.objective;
    this.tenantLimits = props.tenantLimits;
    const memorySize = props.memorySize ?? DEFAULT_MEMORY_MIB;
    const environment = {
      ...(props.bundling?.sourceMap && { NODE_OPTIONS: '--enable-source-maps' }),
      ...props.environment,
    };
    const { vpc, vpcSubnets, securityGroups } = props;
    const settings: AgentSettings = {
      graph: props.graph,
      components: props.components,
      objective: props.objective,
      deadline: this.deadline,
      tenantLimits: props.tenantLimits,
      entry: props.entry === undefined ? undefined : resolve(props.entry),
      hasCode: props.code !== undefined,
      memoryMiB: memorySize,
      environment,
      runRecords: props.runRecords,
      network: { vpc, vpcSubnets, securityGroups },
    };
    const bundle = this.checked(props, settings);

    const beyond = nodesBeyond(props.graph, this.deadline);
    if (beyond.length > 0) {
      const limit = `${this.deadline.toMilliseconds()} ms`;
      warn(
        this,
        'agent/timeout-order',
        `runs end after ${limit}, before the time limits of nodes: ${beyond.join(', ')}`,
      );
    }

    this.function = new LambdaFunction(this, 'Function', {
      description: `Runs the agent ${props.graph.name}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: props.code ?? bundle?.code ?? Code.fromInline('// The app was asked not to bundle this stack.'),
      timeout: Duration.seconds(Math.ceil(this.deadline.plus(TIME_TO_ANSWER).toSeconds({ integral: false }))),
      memorySize,
      tracing: Tracing.ACTIVE,
      logGroup:
        props.logGroup ??
        new LogGroup(this, 'Logs', { retention: RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY }),
      environment,
      reservedConcurrentExecutions: props.reservedConcurrentExecutions,
      vpc,
      vpcSubnets,
      securityGroups: securityGroups && [...securityGroups],
    });
    if (!this.node.tryGetContext(DISABLE_ASSET_STAGING_CONTEXT)) bundle?.remove();
    this.config = assertConfiguration(this, (report) => this.configure(settings, this.function, report));
    this.config.tell(this.function);
    warnOfUnpricedBudget(this, props.graph, this.config.config.bindings);
  }

  /**
   * A dashboard of the agent, in its stack.
   *
   * @throws ConfigurationError at the second call
   */
  public dashboard(): AgentDashboard {
    assertFirst(this, 'Dashboard', 'agent/dashboard-twice', 'dashboard', 'new AgentDashboard(...)');
    return new AgentDashboard(this, 'Dashboard', { agent: this });
  }

  /**
   * Alarms on the agent, in its stack. Without actions they can be looked at, and no one is told.
   *
   * @throws ConfigurationError at the second call
   */
  public alarms(options: AgentAlarmsOptions = {}): AgentAlarms {
    assertFirst(this, 'Alarms', 'agent/alarms-twice', 'alarms', 'new AgentAlarms(...)');
    return new AgentAlarms(this, 'Alarms', { ...options, agent: this });
  }

  /**
   * Starts the models that runs of this agent are about to call, within a budget, in its stack. Agents that share models share a
   * `new Prewarming(...)` instead.
   *
   * @throws ConfigurationError that lists every fault
   */
  public prewarm(options: PrewarmingOptions): Prewarming {
    assertFirst(
      this,
      'Prewarming',
      'agent/prewarmed-twice',
      'prewarm',
      'one new Prewarming(...) for all of its models',
    );
    return new Prewarming(this, 'Prewarming', { ...options, agents: [this] });
  }

  /**
   * Has the scaling of the models that this agent calls follow its objective, in its stack. Agents that share models share a
   * `new PolicyTuner(...)` instead.
   *
   * @throws ConfigurationError that lists every fault
   */
  public tune(options: PolicyTunerOptions = {}): PolicyTuner {
    assertFirst(this, 'Tuner', 'agent/tuned-twice', 'tune', 'one new PolicyTuner(...) for all of its models');
    return new PolicyTuner(this, 'Tuner', { ...options, agents: [this] });
  }

  /**
   * Has the function tell a warmer what its runs may need.
   *
   * @internal
   */
  public _warmWith(warming: RuntimeWarming): void {
    assertConfiguration(this, (report) => {
      if (this.config.config.warming === undefined) return;
      report(
        'agent/prewarmed-twice',
        'agents',
        'the agent is warmed by another Prewarming: give it to one of them only',
      );
    });
    this.config.replace({ ...this.config.config, warming });
  }

  /** Reports all that is wrong before a function is made of it. @returns the bundle of the entry, if it is bundled */
  private checked(props: AgentProps<G>, settings: AgentSettings): Bundle | undefined {
    return assertConfiguration(this, (report) => {
      let bundle: Bundle | undefined;
      const faults = faultsOf((own) => {
        checkShape('agent', '', props, AGENT, own);
        checkAgent(settings, own);
        bundle = this.bundle(settings, props.bundling, own);
      });
      if (faults.length === 0) return bundle;
      bundle?.remove();
      for (const { id, field, message } of faults) report(id, field, message);
      // In place of the function, so that its components tell as well what is wrong with them.
      const role = new Role(this, 'InPlace', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
      this.configure(settings, role, report);
      return undefined;
    });
  }

  /** Undefined if there is nothing to bundle, or the app was asked not to, as for `cdk list`. */
  private bundle(
    { graph, entry, environment }: AgentSettings,
    bundling: AgentBundling = {},
    report: Report,
  ): Bundle | undefined {
    if (entry === undefined || !existsSync(entry) || !Stack.of(this).bundlingRequired) return undefined;
    let bundle: Bundle;
    try {
      bundle = bundleModule(entry, bundling);
    } catch (error) {
      report('agent/entry-bundle', 'entry', error instanceof Error ? error.message : String(error));
      return undefined;
    }
    const { externalModules = [] } = bundling;
    inspectBundle({ bundle: bundle.file, entry, graph, environment, externalModules }, report);
    return bundle;
  }

  /** Permits what a run needs, and says where it is. */
  private configure(
    { graph, components, deadline, environment, runRecords, tenantLimits }: AgentSettings,
    grantee: IGrantable,
    report: Report,
  ): AgentConfig {
    const tenants = tenantLimits && new TenantsTable(this, 'Tenants', tenantLimits);
    tenants?.grantCount(grantee);
    return new AgentConfig(this, 'Config', {
      bindings: bindComponents(this, { graph, components, grantee }, report),
      // Any other was refused.
      deadlineMs: knownMs(deadline) ?? 0,
      reserved: environment,
      ...(runRecords && { runRecords }),
      ...(tenants && { tenantLimits: tenants.runtime }),
    });
  }
}
