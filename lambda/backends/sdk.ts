/** A connection that takes longer will not come. Waiting for a free one of `MAX_SOCKETS` counts. */
const CONNECTION_TIMEOUT_MS = 5_000;

/**
 * Connections to one service at once.
 *
 * The SDK's default of 50 makes a wide fan-out wait in line; Lambda allows 1,024 open files.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MAX_SOCKETS = 800;

/**
 * How every client reaches its service: one try a call, over kept connections.
 *
 * A handler, not its options: the client of Bedrock would take those for its own HTTP/2 handler, which makes a new
 * connection for each call and cannot talk to a local server in plain text.
 *
 * @param socketTimeoutMs silence after which a call has timed out
 * @param region that of the function if left out
 * @param connectionTimeoutMs after which a call without a connection has failed
 */
export async function sdkConfig(
  socketTimeoutMs: number,
  region?: string,
  connectionTimeoutMs: number = CONNECTION_TIMEOUT_MS,
) {
  const { NodeHttpHandler } = await import('#cdk-compound-inference/node-http-handler');
  const agent = { keepAlive: true, maxSockets: MAX_SOCKETS };
  return {
    ...(region !== undefined && { region }),
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: connectionTimeoutMs,
      // `requestTimeout` only warns.
      socketTimeout: socketTimeoutMs,
      httpAgent: agent,
      httpsAgent: agent,
    }),
  };
}

/** Silence after which no answer comes, because no Lambda function lives longer, whether it calls or is called. */
export const FUNCTION_TIMEOUT_MS = 900_000;

/** Makes a value at its first use, so that a function pays only for the clients it needs; anew if that fails. */
export function lazy<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

/** Makes a value for each region at its first use there; `undefined` is the region of the function. */
export function perRegion<T>(make: (region: string | undefined) => Promise<T>): (region?: string) => Promise<T> {
  const made = new Map<string | undefined, () => Promise<T>>();
  return (region) => {
    const value = made.get(region) ?? lazy(() => make(region));
    made.set(region, value);
    return value();
  };
}
