import type { RemovalPolicy } from 'aws-cdk-lib';
import type { FirstCall } from '../../core/warm';
import type { Agent } from '../agent/agent';
import type { IComponent } from '../component';
import type { WarmingPolicy } from './warming-policy';

/** What pre-warming may cost, and what it does. */
export interface PrewarmingOptions {
  /**
   * Most that may be spent on warming in a calendar month, in US dollars: on copies that run because of it, not on the warmer
   * itself.
   *
   * What is set aside is an estimate; what AWS bills is instances, which copies share.
   */
  readonly monthlyBudget: number;

  /**
   * Most that may be spent on warming in an hour, in US dollars.
   *
   * @default - a thirtieth of the monthly budget
   */
  readonly hourlyBudget?: number;

  /**
   * What is done.
   *
   * @default WarmingPolicy.ENTRY
   */
  readonly policy?: WarmingPolicy;

  /**
   * What is to be known of components beyond what they tell themselves.
   *
   * @default - nothing: models on fleets of well-known instance types are warmed, and nothing else is
   */
  readonly components?: readonly PrewarmedComponent[];

  /**
   * Most components that may be starting at the same time.
   *
   * @default 10
   */
  readonly maxSimultaneousWarms?: number;

  /**
   * Whether anything is warmed. Switched off, the warmer restores what it changed, and learns nothing of starts and demand.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * What becomes of the table with what was learned.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;
}

export interface PrewarmingProps extends PrewarmingOptions {
  /** The agents whose components are warmed; those that share components belong together. */
  readonly agents: readonly Agent[];
}

/** What is to be known of a component that is warmed. */
export interface PrewarmedComponent {
  /** As it is bound to an agent; of a `Spillover` that, or its first backend, which is the one that is warmed. */
  readonly component: IComponent;

  /**
   * What an hour of one copy costs, in US dollars.
   *
   * @default - of a model on a fleet what its `price` says, else its share of the preferred instance type, at the list price of
   *   us-west-2; of an imported model by its custom model units; of a function 0.001
   */
  readonly pricePerCopyHour?: number;

  /**
   * Custom model units of a copy of an imported model, which Bedrock tells after the import; of the first version of the
   * unit, at 0.05718 dollars a minute.
   *
   * @default - those that the model says itself, if `pricePerCopyHour` is not given
   * @see https://docs.aws.amazon.com/bedrock/latest/userguide/import-model-calculate-cost.html
   */
  readonly customModelUnits?: number;

  /**
   * A call that makes it ready: of a model whose engine builds caches at its first call, sent as often at once as it has
   * copies, or one that costs less than a chat completion of one token. Of a function it is the payload that it answers without doing anything.
   *
   * @default - none for a model on a fleet, one token for an imported model; functions are not warmed without
   */
  readonly firstCall?: FirstCall;

  /**
   * Whether it is left alone.
   *
   * @default false
   */
  readonly excluded?: boolean;
}
