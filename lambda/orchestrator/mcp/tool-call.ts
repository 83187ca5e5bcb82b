import { randomUUID } from 'node:crypto';
import { toolInput } from '../../../core/api/mcp/tool';
import { isObject } from '../../../core/graph/field-faults';
import type { RunResult } from '../../../core/run/engine';
import type { Agents } from '../agent-routes';
import type { AgentRuns } from '../agent-runs';
import { asksForEvents, eventStream } from '../event-stream';
import type { Answer } from '../http';
import { Problem } from '../problem';
import type { RouteRequest } from '../route';
import { sendableJson } from '../run-answer';
import { runHeaders } from '../run-headers';
import { streamRun } from '../run-stream';
import { INVALID_PARAMS, RpcError, type RpcRequest, resultJson } from './message';
import { progressWriter } from './progress-writer';

/** Makes of the result of a method what a revision of the protocol asks for. */
export type Finish = (result: object) => object;

/**
 * Answers a call of a tool by a run of the agent. A client that takes server-sent events is answered by them: it hears that the run
 * goes on, and ends it by going away.
 *
 * @throws RpcError if there is no such tool; a run that brings no output is an answer that says so
 */
export async function callTool(
  runs: AgentRuns,
  agents: Agents,
  { event, context, signal }: RouteRequest,
  { id, params }: RpcRequest,
  finish: Finish,
): Promise<Answer> {
  const { name, arguments: args = {}, _meta } = params;
  const agent = typeof name === 'string' ? agents.get(name) : undefined;
  if (!agent) throw new RpcError(INVALID_PARAMS, `params.name must be one of ${[...agents.keys()].join(', ')}`);
  if (!isObject(args)) throw new RpcError(INVALID_PARAMS, 'params.arguments must be an object');

  const runId = randomUUID();
  const run = { runId, agent, input: toolInput(agent, args), event, context, signal };
  const write = (result: object) => resultJson(id, finish(result));
  const token = isObject(_meta) ? _meta.progressToken : undefined;
  try {
    if (asksForEvents(event)) {
      const writer = progressWriter(
        typeof token === 'string' || typeof token === 'number' ? token : undefined,
        (result) => write(toolResult(result)),
        (problem) => write(failure(problem)),
      );
      return eventStream(runId, await streamRun(runs, run, writer));
    }
    return await runs.run(run, (_, result) => {
      const json = write(toolResult(result));
      return { status: 200, headers: runHeaders(runId, result.record), json };
    });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { status: 200, headers: error.headers, json: write(failure(error)) };
  }
}

/** As data, and as text for clients that know of nothing else. @throws RunError if the output cannot be sent */
function toolResult({ output, record }: RunResult<unknown>): object {
  const text = typeof output === 'string' ? output : sendableJson(output, record);
  const answer = { content: [{ type: 'text', text }], ...(isObject(output) && { structuredContent: output }) };
  // What is said twice may be too large where once is not.
  sendableJson(answer, record);
  return answer;
}

/** For the model that made the call: it can mend its arguments, or do without. */
function failure(problem: Problem): object {
  const { detail } = problem.toJSON() as { readonly detail: string };
  const { retryAfterSeconds } = problem.details;
  const text = retryAfterSeconds === undefined ? detail : `${detail}; try again in ${retryAfterSeconds} s`;
  return { content: [{ type: 'text', text }], isError: true };
}
