import { randomUUID } from 'node:crypto';
import { listAgents } from '../../core/api/agent-list';
import { openApiFor } from '../../core/api/openapi';
import type { Graph } from '../../core/graph/graph';
import type { AgentRuns, RunRequest } from './agent-runs';
import { asksForEvents, asksForNodes, eventStream, eventWriter } from './event-stream';
import type { Answer } from './http';
import { Problem } from './problem';
import { readJsonBody } from './request-body';
import type { Route } from './route';
import { runAnswer } from './run-answer';
import { streamRun } from './run-stream';

/** Agents by name. */
export type Agents = ReadonlyMap<string, Graph>;

/** The project's own door: what agents there are, and their runs. */
export function agentRoutes(agents: Agents, runs: AgentRuns): Route[] {
  return [
    { method: 'GET', path: '/openapi.json', answer: () => ok(openApiFor([...agents.values()])) },
    { method: 'GET', path: '/agents', answer: () => ok(listAgents([...agents.values()])) },
    { method: 'GET', path: '/agents/{agent}', answer: ({ params }) => describe(agentNamed(agents, params.agent!)) },
    {
      method: 'POST',
      path: '/agents/{agent}/runs',
      answer: ({ event, context, signal, params }) => {
        const agent = agentNamed(agents, params.agent!);
        return run(runs, { runId: randomUUID(), agent, input: readJsonBody(event), event, context, signal });
      },
    },
  ];
}

async function run(runs: AgentRuns, request: RunRequest): Promise<Answer> {
  if (!asksForEvents(request.event)) return runs.run(request, runAnswer);
  return eventStream(request.runId, await streamRun(runs, request, eventWriter(asksForNodes(request.event))));
}

/** @throws Problem if there is none */
export function agentNamed(agents: Agents, name: string): Graph {
  const agent = agents.get(name);
  if (agent) return agent;
  const known = [...agents.keys()].join(', ');
  throw new Problem('not-found', `no agent is named ${JSON.stringify(name.slice(0, 80))}; the agents are: ${known}`);
}

function describe(agent: Graph): Answer {
  return ok({ ...agent.describe(), mermaid: agent.toMermaid() });
}

function ok(body: object): Answer {
  return { status: 200, json: JSON.stringify(body) };
}
