import { FetchError } from 'aws-jwt-verify/error';
import type { Fetcher } from 'aws-jwt-verify/https';

/** A caller waits for it, and the gateway no longer than 30 s. */
const TIMEOUT_MS = 3_000;

/** Fetches documents of the issuer: at a second try, if the first fails. */
export const keyFetcher: Fetcher = {
  async fetch(uri: string): Promise<ArrayBuffer> {
    try {
      return await read(uri);
    } catch {
      return await read(uri);
    }
  },
};

/** @throws FetchError */
async function read(uri: string): Promise<ArrayBuffer> {
  try {
    const response = await fetch(uri, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    return await response.arrayBuffer();
  } catch (error) {
    throw new FetchError(uri, error instanceof Error ? error.message : error);
  }
}
