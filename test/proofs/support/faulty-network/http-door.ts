import { DEADLINE_HEADER, WORK_CLASS_HEADER } from '../../../../core/api/headers';
import { PROBLEM_MEDIA_TYPE, type ProblemType, problemUri } from '../../../../core/api/problems';
import type { Bindings } from '../../../../core/graph/binding';
import type { Clock } from '../../../../core/run/call';
import { serve } from '../../../../lambda/orchestrator';
import { HttpServer } from '../../../../local/aws/http-server';
import { gatewayListener } from '../../../../local/gateway/gateway';
import { listen } from '../../../support/listen';
import { AGENTS } from './agents';
import { breachOf, type Door, type Ending, type Knock } from './door';
import { type ServerEvent, serverEvents } from './server-events';

/** Every problem that a run of a right request may end with. */
const KINDS: ReadonlyMap<string, ProblemType> = new Map(
  (['throttled', 'component-failed', 'component-not-ready', 'deadline-exceeded'] as const).map((type) => [
    problemUri(type),
    type,
  ]),
);

/** The orchestrator behind the local stack's gateway, over HTTP: as JSON, or as server-sent events if texts are taken. */
export async function startHttpDoor(bindings: Bindings, clock: Clock): Promise<Door & { close(): Promise<void> }> {
  /** By label, and by run id. */
  const arrivals = new Map<string, number>();
  const ends = new Map<string, number>();
  const handler = serve(
    AGENTS.map(({ graph }) => graph),
    { config: { bindings }, clock, onRunEnd: ({ runId }) => ends.set(runId, clock.now()) },
  );
  const server = new HttpServer(
    gatewayListener(({ body }) => {
      arrivals.set(JSON.parse(body!).label, clock.now());
      return handler;
    }),
  );
  const { url, close } = await listen(server);
  return {
    name: 'HTTP',
    // API Gateway does not tell a function that its caller has gone before the answer has begun.
    canCancelWhole: false,
    async run(knock) {
      try {
        const response = await post(url, knock);
        const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
        const ending = await (isStream ? readEvents(response, knock) : endingOf(response));
        const runId = response.headers.get('compound-run-id') ?? '';
        const [startMs, endMs] = [arrivals.get(knock.label), ends.get(runId)];
        ends.delete(runId);
        if (startMs === undefined || endMs === undefined) return { breach: 'the end of the run was not reported' };
        return { ...ending, startMs, endMs };
      } catch (error) {
        return knock.signal.aborted ? { kind: 'cancelled' } : breachOf('the request failed', error);
      } finally {
        arrivals.delete(knock.label);
      }
    },
    close,
  };
}

function post(url: string, { agent, label, deadlineMs, work, onText, signal }: Knock): Promise<Response> {
  return fetch(`${url}/agents/${agent.graph.name}/runs`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: onText ? 'text/event-stream' : 'application/json',
      [DEADLINE_HEADER]: String(deadlineMs),
      [WORK_CLASS_HEADER]: work,
    },
    body: JSON.stringify({ label }),
    signal,
  });
}

async function endingOf(response: Response): Promise<Ending> {
  const text = await response.text();
  if (response.status === 200) return { output: JSON.parse(text).output };
  const isProblem = response.headers.get('content-type') === PROBLEM_MEDIA_TYPE;
  return (isProblem && problemOf(text)) || { breach: `answered HTTP ${response.status}: ${text}` };
}

function problemOf(text: string): Ending | undefined {
  const kind = KINDS.get(JSON.parse(text).type);
  return kind && { kind };
}

async function readEvents(response: Response, { onText }: Knock): Promise<Ending> {
  const seen: ServerEvent[] = [];
  for await (const event of serverEvents(response.body!)) {
    seen.push(event);
    if (event.type === 'text') {
      const { node, text } = JSON.parse(event.data);
      onText!(node, text);
    }
  }
  const last = seen.at(-1);
  if (seen[0]?.type !== 'run') return { breach: `the events begin with ${seen[0]?.type}` };
  if (last?.type === 'output') return { output: JSON.parse(last.data).output };
  return (
    (last?.type === 'error' && problemOf(last.data)) || { breach: `the events end with ${last?.type}: ${last?.data}` }
  );
}
