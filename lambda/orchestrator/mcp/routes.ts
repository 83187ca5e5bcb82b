import { type Agents, agentNamed } from '../agent-routes';
import type { AgentRuns } from '../agent-runs';
import type { Answer } from '../http';
import { Problem } from '../problem';
import { readJsonBody } from '../request-body';
import type { Route, RouteRequest } from '../route';
import { errorJson, INVALID_REQUEST, PARSE_ERROR, RpcError, type RpcId, readMessage } from './message';
import { answerRequest } from './methods';
import { isAllowedOrigin } from './origin';

/** The door for clients of the Model Context Protocol, in which every agent is a tool: of all agents, and of each alone. */
export function mcpRoutes(agents: Agents, runs: AgentRuns): Route[] {
  return [
    { method: 'POST', path: '/mcp', answer: (request) => answerPost(runs, agents, request) },
    {
      method: 'POST',
      path: '/agents/{agent}/mcp',
      answer: (request) => {
        const agent = agentNamed(agents, request.params.agent!);
        return answerPost(runs, new Map([[agent.name, agent]]), request);
      },
    },
  ];
}

async function answerPost(runs: AgentRuns, agents: Agents, route: RouteRequest): Promise<Answer> {
  let id: RpcId | undefined;
  try {
    if (!isAllowedOrigin(route.event)) throw new RpcError(INVALID_REQUEST, 'pages of this origin may not call', 403);
    const request = readMessage(readDocument(route));
    if (!request) return { status: 202, json: '' };
    id = request.id;
    return await answerRequest(runs, agents, route, request);
  } catch (error) {
    if (error instanceof RpcError) return { status: error.status, json: errorJson(id, error) };
    throw error;
  }
}

/** @throws RpcError, or Problem where nothing but HTTP is wrong */
function readDocument({ event }: RouteRequest): unknown {
  try {
    return readJsonBody(event);
  } catch (error) {
    if (error instanceof Problem && error.type === 'malformed-request') {
      throw new RpcError(PARSE_ERROR, error.message, 400);
    }
    throw error;
  }
}
