import { toolOf } from '../../../core/api/mcp/tool';
import type { Agents } from '../agent-routes';
import type { AgentRuns } from '../agent-runs';
import type { Answer } from '../http';
import type { RouteRequest } from '../route';
import { METHOD_NOT_FOUND, RpcError, type RpcRequest, resultJson } from './message';
import { isSelfContained, offeredRevision, SELF_CONTAINED, SERVER_INFO_KEY } from './revision';
import { callTool, type Finish } from './tool-call';

const SERVER_INFO = { name: 'compound-agents', title: 'Compound AI agents', version: '1' };
const CAPABILITIES = { tools: {} };

/** Tools change with a deployment only. */
const CACHE = { ttlMs: 60_000, cacheScope: 'private' };

/** Answers a request. Nothing is kept between two of them: each may meet another copy of the function. @throws RpcError */
export async function answerRequest(
  runs: AgentRuns,
  agents: Agents,
  route: RouteRequest,
  request: RpcRequest,
): Promise<Answer> {
  const selfContained = isSelfContained(route.event, request);
  const finish: Finish = selfContained ? finished : (result) => result;
  if (request.method === 'tools/call') return callTool(runs, agents, route, request, finish);
  const result = selfContained ? resultOf(request, agents) : resultAfterHandshake(request, agents);
  if (result) return { status: 200, json: resultJson(request.id, finish(result)) };
  throw new RpcError(METHOD_NOT_FOUND, 'this server has tools only', selfContained ? 404 : 200);
}

function resultOf({ method }: RpcRequest, agents: Agents): object | undefined {
  if (method === 'server/discover')
    return { supportedVersions: [SELF_CONTAINED], capabilities: CAPABILITIES, ...CACHE };
  if (method === 'tools/list') return { tools: toolsOf(agents), ...CACHE };
  return undefined;
}

function resultAfterHandshake({ method, params }: RpcRequest, agents: Agents): object | undefined {
  if (method === 'initialize') {
    const protocolVersion = offeredRevision(params.protocolVersion);
    return { protocolVersion, capabilities: CAPABILITIES, serverInfo: SERVER_INFO };
  }
  if (method === 'ping') return {};
  if (method === 'tools/list') return { tools: toolsOf(agents) };
  return undefined;
}

function toolsOf(agents: Agents): object[] {
  return [...agents.values()].map(toolOf);
}

function finished(result: object): object {
  return { resultType: 'complete', ...result, _meta: { [SERVER_INFO_KEY]: SERVER_INFO } };
}
