// In a process of its own, compiled, as Lambda's runtime is: loads the bundle of a handler and serves requests.
// Arguments: the bundle, how many warm requests to compare with bare calls. Sends `Served`.
import { Agent, request } from 'node:http';
import { createRequire } from 'node:module';
import type { Handler } from '../../lambda/orchestrator/index.ts';
import { answer } from '../child.ts';
import { serveOnce, timed } from './requests.ts';

export interface Served {
  /** Since the start of the process. */
  readonly processReadyMs: number;
  readonly bundleLoadedMs: number;
  readonly firstAnswerMs: number;
  /** Of each warm request, the time beside that of a bare call. */
  readonly overheadsMs: readonly number[];
}

const WARM_UPS = 50;

async function main([, script, path, count]: readonly string[]): Promise<Served> {
  const processReadyMs = performance.now();
  const { handler }: { handler: Handler } = createRequire(script!)(path!);
  const bundleLoadedMs = performance.now();
  await serveOnce(handler);
  const firstAnswerMs = performance.now();

  const overheadsMs: number[] = [];
  for (let i = 0; i < WARM_UPS + Number(count); i++) {
    const overheadMs = (await timed(() => serveOnce(handler))) - (await timed(callBare));
    if (i >= WARM_UPS) overheadsMs.push(overheadMs);
  }
  return { processReadyMs, bundleLoadedMs, firstAnswerMs, overheadsMs };
}

const agent = new Agent({ keepAlive: true });
const url = `${process.env.AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME}/endpoints/bench/invocations`;
const body = JSON.stringify({ messages: [{ role: 'user', content: 'Is the sky blue?' }] });
const headers = { 'content-type': 'application/json', 'content-length': body.length };

function callBare(): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume().once('end', resolve);
    });
    call.once('error', reject).end(body);
  });
}

void main(process.argv).then(answer);
