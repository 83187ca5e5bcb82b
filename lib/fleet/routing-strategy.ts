export interface PrefixAwareRoutingOptions {
  /**
   * How much of the start of a request decides, 1024 to 65536: bytes of the body, or characters of the messages on the OpenAI-compatible
   * path. Cover what prompts share and enough of what sets them apart, or all calls meet on one instance.
   */
  readonly prefixLength: number;

  /** Calls in flight on an instance from which on others are preferred, 1 to 1024. */
  readonly concurrencyThreshold: number;
}

/**
 * To which instance a call goes.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantRoutingConfig.html
 */
export class RoutingStrategy {
  /** To the instance with the most room for it. */
  public static readonly LEAST_OUTSTANDING_REQUESTS = new RoutingStrategy('LEAST_OUTSTANDING_REQUESTS');

  /** To any. */
  public static readonly RANDOM = new RoutingStrategy('RANDOM');

  /** To the instance that had a call with the same start, whose key-value cache may still hold it. */
  public static prefixAware(options: PrefixAwareRoutingOptions): RoutingStrategy {
    return new RoutingStrategy('PREFIX_AWARE', options);
  }

  private constructor(
    /** As the SageMaker API calls it. */
    public readonly name: string,
    /** Of prefix-aware routing only. */
    public readonly prefixAware?: PrefixAwareRoutingOptions,
  ) {}
}
