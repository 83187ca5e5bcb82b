import type { Price } from '../../core/graph/binding';

/** What may be said of any component that exists already. */
export interface BindingOptions {
  /**
   * What its calls cost, so that runs report their cost.
   *
   * @default - calls count as free
   */
  readonly price?: Price;
}

/** What may be said of a component in a service of AWS. */
export interface RegionalBindingOptions extends BindingOptions {
  /**
   * Where it is.
   *
   * @default - in the region of the agent
   */
  readonly region?: string;
}
