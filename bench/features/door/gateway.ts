// In a process of its own, bundled: the function of four agents that stream, behind a local API Gateway.
// Arguments: URL of the models, pace of those that are compared, pace of those under load. Sends `Door`.
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Server as NetServer } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as z from 'zod';
import { type Bindings, graph, model } from '../../../core/graph/index.ts';
import { serve } from '../../../lambda/orchestrator/index.ts';
import { HttpServer } from '../../../local/aws/http-server.ts';
import { gatewayListener } from '../../../local/gateway/gateway.ts';

export interface Door {
  readonly url: string;
  /** Answers `Usage`, after a collection of garbage. */
  readonly usageUrl: string;
}

/** Of the process. */
export interface Usage {
  readonly heapBytes: number;
  readonly rssBytes: number;
  readonly cpu: CpuTime;
}

/** Without the collections that were asked for. */
export interface CpuTime {
  readonly userMs: number;
  /** In the kernel, for the most part to write to sockets. */
  readonly systemMs: number;
}

/** Longer than a stream takes on a busy machine. */
const DEADLINE_MS = 600_000;

const [models, pace, loadPace] = process.argv.slice(2);

const bindings: Bindings = {
  http: { type: 'http', url: `${models}/${pace}` },
  sagemaker: { type: 'sagemaker', endpointName: pace! },
  bedrock: { type: 'bedrock', modelId: pace! },
  load: { type: 'http', url: `${models}/${loadPace}` },
};

const agents = Object.keys(bindings).map((name) =>
  graph(name, { input: z.object({ question: z.string() }), output: z.object({ answer: z.string() }) })
    .node('answer', {
      call: name === 'bedrock' ? model(name, { format: 'converse' }) : model(name),
      input: ({ input }) => input.question,
      stream: true,
    })
    .output(({ answer }) => ({ answer: answer.text })),
);
const handler = serve(agents, { config: { bindings, deadlineMs: DEADLINE_MS } });

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const collecting = { userMs: 0, systemMs: 0 };

function usage(): Usage {
  const begin = process.cpuUsage();
  collectGarbage();
  const { user, system } = process.cpuUsage(begin);
  collecting.userMs += user / 1_000;
  collecting.systemMs += system / 1_000;
  const { heapUsed, rss } = process.memoryUsage();
  const whole = process.cpuUsage();
  const cpu = {
    userMs: whole.user / 1_000 - collecting.userMs,
    systemMs: whole.system / 1_000 - collecting.systemMs,
  };
  return { heapBytes: heapUsed, rssBytes: rss, cpu };
}

async function listen(server: NetServer | Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function main(): Promise<void> {
  const url = await listen(new HttpServer(gatewayListener(() => handler)));
  const usageUrl = await listen(createServer((_, response) => response.end(JSON.stringify(usage()))));
  process.send!({ url, usageUrl } satisfies Door);
}

process.once('disconnect', () => process.exit());
void main();
