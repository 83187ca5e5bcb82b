import type { APIGatewayProxyEvent } from 'aws-lambda';
import { pathSegments } from './http';

/**
 * Name of the agent that a request is for: its path says so, or, where one path is for all agents, its body. Undefined if it is
 * for none in particular. Whether there is such an agent is for its door to say.
 */
export function agentAsked(event: APIGatewayProxyEvent): string | undefined {
  const [root, name] = pathSegments(event);
  if (root === 'agents') return name;
  const asked: unknown =
    root === 'v1' ? bodyOf(event)?.model : root === 'mcp' ? bodyOf(event)?.params?.name : undefined;
  return typeof asked === 'string' ? asked : undefined;
}

function bodyOf({ body, isBase64Encoded }: APIGatewayProxyEvent): Asking | null | undefined {
  try {
    return JSON.parse(Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8').toString());
  } catch {
    return undefined;
  }
}

interface Asking {
  readonly model?: unknown;
  readonly params?: { readonly name?: unknown } | null;
}
