export interface KeyAttribute {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

/** A table of the local stack, as plain data. */
export interface LocalTable {
  readonly name: string;
  readonly partitionKey: KeyAttribute;
  /** @default - an item is found by its partition key alone */
  readonly sortKey?: KeyAttribute;
  /** The attribute that tells when an item expires, in seconds since 1970. @default - items do not expire */
  readonly ttlAttribute?: string;
  /**
   * How long an expired item may still be read, in hours of the world's time. AWS deletes "within a few days", whenever
   * it suits it: code must not take what it reads for unexpired.
   *
   * @default 48
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
   */
  readonly deletesExpiredAfterHours?: number;
}

export function keyAttributesOf({ partitionKey, sortKey }: LocalTable): KeyAttribute[] {
  return sortKey ? [partitionKey, sortKey] : [partitionKey];
}

/** The table that a request names, by its name or its ARN. */
export function tableNameOf(nameOrArn: string): string {
  return /^arn:[^:]*:dynamodb:[^:]*:\d*:table\/(.+)$/.exec(nameOrArn)?.[1] ?? nameOrArn;
}
