/** One thing that is wrong with a construct. */
export interface ConfigurationFault {
  /** Stable name of the check that found it, such as `fleet/min-above-max`: for searching, and for tests. */
  readonly id: string;
  /** Where, as in `instanceTypes[1]`. */
  readonly field: string;
  /** What is wrong, with the value, and what to do. */
  readonly message: string;
}

/** A construct that cannot be deployed as it is, with everything that is wrong with it. */
export class ConfigurationError extends Error {
  public override readonly name = 'ConfigurationError';

  /** @param path of the construct */
  constructor(
    public readonly path: string,
    public readonly faults: readonly ConfigurationFault[],
    options?: ErrorOptions,
  ) {
    super(
      `${path} has ${faults.length} fault(s):\n${faults.map((fault) => `  ${formatFault(fault)}`).join('\n')}`,
      options,
    );
  }
}

/** A fault in one line, as in `minInstances: must not be above maxInstances (2), got: 3 [fleet/min-above-max]`. */
export function formatFault({ id, field, message }: ConfigurationFault): string {
  return `${field}: ${message} [${id}]`;
}
