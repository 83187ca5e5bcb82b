import { randomUUID } from 'node:crypto';
import { type CompletionHeader, completion, completionHeader } from '../../../core/api/openai/completion';
import { readCompletionRequest, refuseStop } from '../../../core/api/openai/completion-request';
import type { RunResult } from '../../../core/run/engine';
import type { AgentRuns } from '../agent-runs';
import { eventStream } from '../event-stream';
import type { Answer, Invocation } from '../http';
import { readJsonBody } from '../request-body';
import { sendableJson } from '../run-answer';
import { runHeaders } from '../run-headers';
import { streamRun } from '../run-stream';
import { AnswerText } from './answer-text';
import { chunkWriter } from './chunk-writer';
import { inputFor, type Model, misfit, modelNamed } from './models';

/** Answers a request for a chat completion by a run of the agent that it names. @throws RequestFault, Problem */
export async function complete(
  runs: AgentRuns,
  models: ReadonlyMap<string, Model>,
  { event, context, signal }: Invocation,
): Promise<Answer> {
  const request = readCompletionRequest(readJsonBody(event));
  const model = modelNamed(models, request.model);
  refuseStop(request.chat, model.chat.takes);
  const runId = randomUUID();
  const run = { runId, agent: model.agent, input: inputFor(model, request.chat, runId), event, context, signal };
  const header = completionHeader(runId, request.model, Date.now());
  const answer = new AnswerText(model.chat);
  try {
    if (request.stream) {
      const writer = chunkWriter(header, answer, request.includeUsage);
      const chunks = await streamRun(runs, { ...run, onEvent: answer.take }, writer);
      const { headers, ...streamed } = eventStream(runId, chunks);
      return { ...streamed, headers: { ...headers, ...idHeader(runId) } };
    }
    // Not told while it runs: a call of which something was passed on is neither tried again nor hedged.
    return await runs.run(run, (_, result) => wholeAnswer(runId, header, answer, result));
  } catch (error) {
    throw misfit(model, error);
  }
}

function wholeAnswer(runId: string, header: CompletionHeader, answer: AnswerText, result: RunResult<unknown>): Answer {
  const { record } = result;
  const { text, finishReason } = answer.complete(result);
  const json = sendableJson(completion(header, text, record.usage, finishReason), record);
  return { status: 200, headers: { ...runHeaders(runId, record), ...idHeader(runId) }, json };
}

/** Where clients of OpenAI look for the id of a request. */
function idHeader(runId: string): Record<string, string> {
  return { 'x-request-id': runId };
}
