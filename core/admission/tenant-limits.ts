/** How fast a tenant may begin runs. */
export interface RunRate {
  /** Runs a second, over time. */
  readonly rateLimit: number;
  /** Runs at once, before the rate counts. */
  readonly burstLimit: number;
}

/** What a tenant may have; what is left out is not limited. */
export interface TenantLimits {
  /** Runs under way at once. */
  readonly concurrency?: number;
  readonly throttling?: RunRate;
}

/**
 * A place takes some 20 bytes of the tenant's item, which is written twice a run and paid for by the KB; DynamoDB writes 1,000 KB a
 * second to an item (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html). With 500
 * places that is 50 runs a second.
 */
export const MAX_CONCURRENCY = 500;
