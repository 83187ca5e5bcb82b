import { sdkConfig } from '../backends/sdk';

/** One parameter of a hierarchy. */
export interface ConfigParameter {
  readonly name: string;
  readonly value: string;
}

/** Time for all of it: the first run waits, and a caller behind API Gateway waits for no more than 29 s. */
export const READ_TIMEOUT_MS = 10_000;

/** The service gives no more at once. */
const PAGE_SIZE = 10;

/**
 * Many environments that start at once share 40 reads a second, unless the account has raised them.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/ssm.html
 */
const MAX_ATTEMPTS = 6;

/** The parameters directly below a path. @throws what the SDK throws */
export async function readParameters(path: string): Promise<ConfigParameter[]> {
  const { GetParametersByPathCommand, SSMClient } = await import('@aws-sdk/client-ssm');
  const client = new SSMClient({ ...(await sdkConfig(READ_TIMEOUT_MS)), maxAttempts: MAX_ATTEMPTS });
  const abortSignal = AbortSignal.timeout(READ_TIMEOUT_MS);
  const parameters: ConfigParameter[] = [];
  try {
    let page: string | undefined;
    do {
      const command = new GetParametersByPathCommand({ Path: path, MaxResults: PAGE_SIZE, NextToken: page });
      const { Parameters = [], NextToken } = await client.send(command, { abortSignal });
      for (const { Name, Value } of Parameters) parameters.push({ name: Name ?? '', value: Value ?? '' });
      page = NextToken;
    } while (page);
  } finally {
    client.destroy();
  }
  return parameters;
}
