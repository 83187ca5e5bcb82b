import type { Graph } from '../graph/graph';
import { json } from './openapi-responses';

const OBJECT = { type: 'object' };

/** Whose documentation says what is sent. */
const CHATS = { url: 'https://platform.openai.com/docs/api-reference/chat' };
const TOOLS = { url: 'https://modelcontextprotocol.io/specification' };

/** The ways to call an agent that are described elsewhere: a chat completion, and a tool. */
export function doorPaths({ name }: Graph): [string, object][] {
  const tool = operation(`call_${name}`, `The agent ${name} as a tool of the Model Context Protocol`, TOOLS);
  const chat = operation(`chat_${name}`, `The agent ${name} as a model of OpenAI's chat completions`, CHATS);
  return [
    [`/agents/${name}/v1/chat/completions`, { post: chat }],
    [`/agents/${name}/mcp`, { post: tool }],
  ];
}

function operation(operationId: string, summary: string, externalDocs: object): object {
  return {
    operationId,
    summary,
    externalDocs,
    requestBody: { required: true, content: { 'application/json': { schema: OBJECT } } },
    responses: { 200: json('As documented there', OBJECT) },
  };
}
