import { fork } from 'node:child_process';
import { once } from 'node:events';
import { bundle, bundleFunction } from '../bundle.ts';
import { ask } from '../child.ts';
import { median } from '../statistics.ts';
import type { WarmRequestFigures } from '../warming/figures.ts';
import { environment, forkEndpoint } from './measure.ts';
import type { WarmedServed } from './warmed-cell.ts';

/** Of a model that is no more than its network, and of one that takes a moment of its own. */
const MODELS = [
  { modelMs: 0, requests: 600 },
  { modelMs: 20, requests: 250 },
];

/** What warming adds to requests that find everything warm. */
export async function measureWarmRequests(): Promise<WarmRequestFigures[]> {
  const agents = await bundleFunction('handler-warmed-agents', 'handler/warmed-agents.ts');
  const cell = await bundle('handler-warmed-cell', `import './handler/warmed-cell.ts';`);
  const stack = await bundle('handler-warm-stack', `import './handler/warm-stack.ts';`);
  const figures: WarmRequestFigures[] = [];
  for (const { modelMs, requests } of MODELS) {
    const endpoint = forkEndpoint(modelMs);
    const aws = fork(stack.path);
    try {
      const [url] = await once(aws, 'message');
      const env = { ...(await environment(endpoint)), AWS_ENDPOINT_URL_DYNAMODB: url, AWS_ENDPOINT_URL_LAMBDA: url };
      figures.push(figuresOf(modelMs, await ask<WarmedServed>(cell.path, [agents.path, requests], env)));
    } finally {
      endpoint.disconnect();
      aws.disconnect();
    }
  }
  return figures;
}

function figuresOf(modelMs: number, { off, known, read, told }: WarmedServed): WarmRequestFigures {
  const added = (served: readonly number[]) => median(served.map((ms, at) => ms - off[at]!));
  return {
    modelMs,
    offP50Ms: median(off),
    known: { p50Ms: median(known), addedP50Ms: added(known) },
    read: { p50Ms: median(read), addedP50Ms: added(read) },
    told: { p50Ms: median(told), addedP50Ms: added(told) },
  };
}
