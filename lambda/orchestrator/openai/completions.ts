import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { type CompletionHeader, completion, completionHeader } from '../../../core/api/openai/completion';
import { readCompletionRequest, refuseStop } from '../../../core/api/openai/completion-request';
import type { RunResult } from '../../../core/run/engine';
import type { AgentRuns } from '../agent-runs';
import { eventStream } from '../event-stream';
import type { Answer } from '../http';
import { readJsonBody } from '../request-body';
import { runAnswer } from '../run-answer';
import { streamRun } from '../run-stream';
import { AnswerText } from './answer-text';
import { chunkWriter } from './chunk-writer';
import { inputFor, type Model, modelNamed } from './models';

/** Answers a request for a chat completion by a run of the agent that it names. @throws RequestFault, Problem */
export async function complete(
  runs: AgentRuns,
  models: ReadonlyMap<string, Model>,
  event: APIGatewayProxyEvent,
  context: Context,
): Promise<Answer> {
  const request = readCompletionRequest(readJsonBody(event));
  const model = modelNamed(models, request.model);
  refuseStop(request.chat, model.chat.takes);
  const runId = randomUUID();
  const run = { runId, agent: model.agent, input: inputFor(model, request.chat, runId), event, context };
  const header = completionHeader(runId, request.model, Date.now());
  const answer = new AnswerText(model.chat);
  if (request.stream) {
    const writer = chunkWriter(header, answer, request.includeUsage);
    const chunks = await streamRun(runs, { ...run, onEvent: answer.take }, writer);
    const { headers, ...streamed } = eventStream(runId, chunks);
    return { ...streamed, headers: { ...headers, ...idHeader(runId) } };
  }
  // Without a node whose text is the answer nothing is gained by having models stream.
  const onEvent = model.chat.textNode === undefined ? {} : { onEvent: answer.take };
  return runs.run({ ...run, ...onEvent }, (_, result) => wholeAnswer(runId, header, answer, result));
}

function wholeAnswer(runId: string, header: CompletionHeader, answer: AnswerText, result: RunResult<unknown>): Answer {
  const { text } = answer.complete(result);
  const { headers } = runAnswer(runId, { ...result, output: text });
  const json = JSON.stringify(completion(header, text, result.record.usage));
  return { status: 200, headers: { ...headers, ...idHeader(runId) }, json };
}

/** Where clients of OpenAI look for the id of a request. */
function idHeader(runId: string): Record<string, string> {
  return { 'x-request-id': runId };
}
