import type { WarmerConfig, WarmerEvent } from '../../../core/warm';
import { handler } from '../../../lambda/warmer';
import { firstCalls } from '../../../lambda/warmer/first-call';
import { importedModel8b, inferenceComponent8b, type LocalComponent } from '../../../local';
import { iamCallsOf } from './aws-calls';
import type { IamCall } from './iam';
import type { RecordingAws } from './recording-aws';
import { type Deployed, tablesOf, variableOf } from './roles';

/** So much of the time that an invocation has left is for waiting. */
const REMAINING_MS = 11_000;

/** What IAM is asked while the warmer of a stack is told of a run, looks each minute, and is taken away. */
export async function recordWarmer(aws: RecordingAws, deployed: Deployed): Promise<IamCall[]> {
  const text = variableOf(deployed, 'COMPOUND_WARMER');
  process.env.COMPOUND_WARMER = text;
  const config: WarmerConfig = JSON.parse(text);
  aws.play({ components: Object.values(config.backends).flatMap(coldComponent), tables: tablesOf(deployed) });
  const nowMs = Date.now();
  const events: WarmerEvent[] = [
    ...Object.keys(config.agents).map((agent): WarmerEvent => {
      const run = { id: agent, graph: agent, nodes: {}, sinceMs: nowMs, deadlineAtMs: nowMs + 600_000 };
      return { type: 'entry', agent, requests: [run] };
    }),
    { type: 'tick' },
    { type: 'stop' },
  ];
  for (const event of events) await handler(event, { getRemainingTimeInMillis: () => REMAINING_MS });
  // Whatever is needed late in a run is called late.
  const call = firstCalls();
  for (const [key, backend] of Object.entries(config.backends)) await call(key, backend, REMAINING_MS).catch(notReady);
  return aws.requests.flatMap((request) => iamCallsOf(request, { profiles: {}, modelKey: undefined, secretKeys: {} }));
}

/** A model that is starting says so. */
function notReady(error: unknown): void {
  if (!String(error).includes('not ready')) throw error;
}

function coldComponent(backend: WarmerConfig['backends'][string]): LocalComponent[] {
  switch (backend.type) {
    case 'sagemaker': {
      const { endpointName, inferenceComponentName } = backend;
      const named = { type: 'sagemaker', endpointName, inferenceComponentName } as const;
      return [{ kind: 'chat-model', backend: named, behaviour: inferenceComponent8b, brain: () => '' }];
    }
    case 'bedrock':
      return [
        {
          kind: 'chat-model',
          backend: { type: 'bedrock', modelId: backend.modelId },
          behaviour: importedModel8b,
          brain: () => '',
        },
      ];
    case 'lambda':
      return [
        { kind: 'function', backend: { type: 'lambda', functionName: backend.functionName }, handler: () => ({}) },
      ];
  }
}
