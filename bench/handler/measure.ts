import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, bundleFunction, DIST } from '../bundle.ts';
import { ask } from '../child.ts';
import type { HandlerFigures } from '../measurements.ts';
import { median, quantile } from '../statistics.ts';
import type { Served } from './cell.ts';

export interface HandlerRuns {
  /** Fresh processes, each for one first request. */
  readonly starts: number;
  readonly warmRequests: number;
}

export async function measureHandler({ starts, warmRequests }: HandlerRuns): Promise<HandlerFigures> {
  const handler = await bundleFunction('handler', 'handler/agent.ts');
  const cell = await bundle('handler-cell', `import './handler/cell.ts';`);
  const config = join(DIST, 'handler-config.json');
  writeFileSync(config, JSON.stringify({ bindings: { answerer: { type: 'sagemaker', endpointName: 'bench' } } }));

  const endpoint = forkEndpoint(0);
  try {
    const env = { ...(await environment(endpoint)), COMPOUND_CONFIG: config };
    const firsts: Served[] = [];
    for (let i = 0; i < starts; i++) firsts.push(await ask<Served>(cell.path, [handler.path, 0], env));
    const { overheadsMs } = await ask<Served>(cell.path, [handler.path, warmRequests], env);
    return {
      minifiedBytes: handler.bytes,
      processReadyMs: median(firsts.map(({ processReadyMs }) => processReadyMs)),
      bundleLoadedMs: median(firsts.map(({ bundleLoadedMs }) => bundleLoadedMs)),
      firstAnswerMs: median(firsts.map(({ firstAnswerMs }) => firstAnswerMs)),
      overheadP50Ms: median(overheadsMs),
      overheadP90Ms: quantile(overheadsMs, 0.9),
    };
  } finally {
    endpoint.disconnect();
  }
}

/** A SageMaker endpoint, in a process of its own. */
export function forkEndpoint(latencyMs: number): ChildProcess {
  return fork(join(import.meta.dirname, 'endpoint.ts'), [String(latencyMs)]);
}

/** What Lambda would set, with the SDK pointed at the endpoint on this machine. */
export async function environment(endpoint: ChildProcess): Promise<NodeJS.ProcessEnv> {
  const [url] = await once(endpoint, 'message');
  return {
    AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
  };
}
