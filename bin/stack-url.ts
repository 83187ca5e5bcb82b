import { isHttpUrl, UsageError } from './usage';

/** @throws UsageError */
export function requireStackUrl(url: string): string {
  if (!isHttpUrl(url)) throw new UsageError(`--stack-url must be the http URL of a stack, got: ${url}`);
  return url.replace(/\/+$/, '');
}

/** Whether a stack of agents answers there. */
export async function isStack(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/agents`, { signal: AbortSignal.timeout(1_000) });
    const said = (await answer.json()) as { readonly agents?: unknown } | null;
    return answer.ok && Array.isArray(said?.agents);
  } catch {
    return false;
  }
}
