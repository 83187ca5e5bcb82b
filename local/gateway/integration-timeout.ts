/** Limits of a REST API (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html). */
export const BUFFERED_TIMEOUT_MS = 29_000;
/** Of answers that stream (https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html). */
export const STREAM_TIMEOUT_MS = 15 * 60_000;
export const STREAM_IDLE_TIMEOUT_MS = 5 * 60_000;

/** The gateway gave up on a function. */
export class IntegrationTimeout extends Error {
  override readonly name = 'IntegrationTimeout';
}

/** What the work comes to. @throws IntegrationTimeout if it takes longer */
export async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new IntegrationTimeout(`no answer within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
