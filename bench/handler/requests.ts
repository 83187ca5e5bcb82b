import type { Handler } from '../../lambda/orchestrator/index.ts';

type ProxyEvent = Parameters<Handler>[0];
type Context = Parameters<Handler>[1];

const EVENT = {
  httpMethod: 'POST',
  path: '/agents/bench/runs',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ question: 'Is the sky blue?' }),
  isBase64Encoded: false,
} as unknown as ProxyEvent;

const CONTEXT = { awsRequestId: 'bench', getRemainingTimeInMillis: () => 29_000 } as Context;

/** @throws Error if the answer is not one */
export async function serveOnce(handler: Handler): Promise<void> {
  const { statusCode, body } = await handler(EVENT, CONTEXT);
  if (statusCode !== 200) throw new Error(`the handler answered ${statusCode}: ${body}`);
}

export async function timed(serve: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await serve();
  return performance.now() - start;
}
