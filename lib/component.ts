import type { IMetric, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Binding } from '../core/graph/binding';
import type { Component } from '../core/graph/component';

/**
 * Where a component of a graph runs, as an agent needs to know it.
 *
 * Fleets, imported models and the bindings of this library implement it; implement it yourself for a backend of your own.
 */
export interface IComponent {
  /**
   * Permits the agent's function to call the backend, and says how the backend is reached.
   *
   * Called once for each component name and agent. The binding may hold tokens.
   *
   * @throws ConfigurationError if the backend cannot serve the component, for example its wire format
   */
  bind(options: ComponentBindOptions): Binding;

  /**
   * What to watch of its capacity.
   *
   * @default - nothing: capacity is somebody else's, as with a foundation model
   */
  readonly capacityMetrics?: CapacityMetrics;
}

/** For whom a component is bound. */
export interface ComponentBindOptions {
  /** Where constructs that the binding needs belong: a scope of its own for each component of each agent. */
  readonly scope: Construct;
  /** The function that will call the component. */
  readonly grantee: IGrantable;
  /** The component as its graph declares it. */
  readonly component: Component;
  /** Its answers may be read while they are written: the binding may need another permission for that. */
  readonly isStreamed: boolean;
}

/** The capacity behind a component, as dashboards show it. */
export interface CapacityMetrics {
  /**
   * Copies that serve.
   *
   * @default - not shown
   */
  readonly copiesInService?: IMetric;
  /**
   * Copies that should serve.
   *
   * @default - not shown
   */
  readonly copiesDesired?: IMetric;
  /**
   * Calls refused because no copy served.
   *
   * @default - not shown
   */
  readonly noCapacityFailures?: Metric;
}
