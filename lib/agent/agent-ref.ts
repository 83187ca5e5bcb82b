import type { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import type { Graph } from '../../core/graph/graph';
import type { IComponent } from '../component';
import type { TenantLimits } from './tenant-limits';

/** An agent as APIs, dashboards and alarms see it. */
export interface IAgent extends IConstruct {
  /** What it runs. */
  readonly graph: Graph;
  /** The function that runs it: answers REST proxy events for `/agents/{name}` and what is below. */
  readonly function: IFunction;
  /** Where its components run, by name. */
  readonly components: Readonly<Record<string, IComponent>>;
  /** Most time a run may take. */
  readonly deadline: Duration;
  /** What its latency should be, if it was given. */
  readonly objective?: AgentObjective;
  /** What each tenant may have of it, if it was given. */
  readonly tenantLimits?: TenantLimits;
}

/** What the latency of an agent should be. */
export interface AgentObjective {
  /** Of 100 runs 95 take no longer than this, end to end. */
  readonly p95: Duration;
  /**
   * What a warm call of each component typically takes, by component name: with it, an objective that no scaling can
   * reach is refused at synthesis.
   *
   * @default - not checked
   */
  readonly warmLatencies?: Readonly<Record<string, Duration>>;
}

/** An agent that another app deployed, in the account and Region of this one. */
export interface AgentAttributes {
  /** What it runs. */
  readonly graph: Graph;
  readonly functionArn: string;
  /**
   * Most time a run may take.
   *
   * @default Duration.seconds(28)
   */
  readonly deadline?: Duration;
  /**
   * What its latency should be.
   *
   * @default - none
   */
  readonly objective?: AgentObjective;
}
