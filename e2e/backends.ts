import { createServer, type Server, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startLocalStack } from 'cdk-compound-inference/local';
import system from '../examples/support-agent/local';
import { BedrockControlPlane } from '../test/support/bedrock-control-plane';

/** The services that nothing on this machine has but this project: models on SageMaker and Bedrock, and model imports. */
export interface Backends {
  /** Imports of models, and what came of them. */
  readonly imports: BedrockControlPlane;
  /** ARNs of the imported models that were called, in order. */
  readonly modelsCalled: readonly string[];
  /** The local stack, which also has the tools of the agent. */
  readonly localStackUrl: string;
  /** What points AWS clients at them. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Fast enough that nobody waits for a model; slow enough that a call takes time. */
const SPEED = 200;

/** @param now the time by which imports go */
export async function startBackends(now: () => number = Date.now): Promise<Backends> {
  const stack = await startLocalStack({ systems: [system], speed: SPEED, onRunEnd: () => {} });
  const imports = await BedrockControlPlane.start({ now });
  const modelsCalled: string[] = [];
  const bedrock = await startBedrockRuntime(stack.url, (arn) => {
    if (!imports.models.has(arn)) return undefined;
    modelsCalled.push(arn);
    return WRITER;
  });
  return {
    imports,
    modelsCalled,
    localStackUrl: stack.url,
    environment: {
      AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: stack.url,
      AWS_ENDPOINT_URL_BEDROCK_RUNTIME: bedrock.url,
      AWS_ENDPOINT_URL_BEDROCK: imports.url,
    },
    stop: async () => {
      await Promise.all([bedrock.stop(), imports.stop(), stack.close()]);
    },
  };
}

const WRITER = writerOf(system.spillover?.writer?.to[0]?.backend);

function writerOf(backend: NonNullable<(typeof system.components)[string]>['backend'] | undefined): string {
  if (backend?.type === 'bedrock') return backend.modelId;
  throw new Error('the writer of the support agent spills over to no model of Bedrock');
}

/**
 * The runtime of Bedrock for models whose ARNs only an import makes: passes their calls on to a model of the local stack.
 *
 * @param standIn the model that answers for an ARN, or undefined if there is no such imported model
 */
async function startBedrockRuntime(localStackUrl: string, standIn: (arn: string) => string | undefined) {
  const server: Server = createServer((request, response) => {
    const [, arn = '', operation = ''] = /^\/model\/([^/]+)\/(.*)$/.exec(request.url ?? '') ?? [];
    const modelId = standIn(decodeURIComponent(arn));
    if (modelId === undefined) {
      response.writeHead(404, { 'x-amzn-errortype': 'ResourceNotFoundException', 'content-type': 'application/json' });
      response.end(JSON.stringify({ message: `no imported model ${decodeURIComponent(arn)}` }));
      return;
    }
    const target = new URL(`/model/${encodeURIComponent(modelId)}/${operation}`, localStackUrl);
    const forwarded = send(target, { method: request.method ?? 'POST', headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    forwarded.on('error', () => response.destroy());
    request.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
