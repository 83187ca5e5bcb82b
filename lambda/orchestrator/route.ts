import { type Answer, type Invocation, pathSegments } from './http';
import { Problem } from './problem';

/** What the function answers requests of one method and path with. */
export interface Route {
  /** `ANY` for what no other route of the path is for. */
  readonly method: 'GET' | 'POST' | 'ANY';
  /** As in `/agents/{agent}/runs`; braces stand for one segment each, with a plus at the end of the path for all that follow. */
  readonly path: string;
  /** @throws Problem */
  readonly answer: (request: RouteRequest) => Answer | Promise<Answer>;
}

export interface RouteRequest extends Invocation {
  /** What the path has in place of each name in braces. */
  readonly params: Readonly<Record<string, string>>;
}

/** Has the route answer that is meant. @throws Problem */
export async function answerBy(routes: readonly Route[], invocation: Invocation): Promise<Answer> {
  const { event } = invocation;
  const segments = pathSegments(event);
  const matches = routes.flatMap((route) => {
    const params = paramsOf(route.path.split('/').slice(1), segments);
    return params ? [{ route, params }] : [];
  });
  if (matches.length === 0) throw new Problem('not-found', 'see GET /agents for what there is');
  const matchOf = (method: string) => matches.find(({ route }) => route.method === method);
  const match = matchOf(event.httpMethod) ?? matchOf('ANY');
  if (match) return match.route.answer({ ...invocation, params: match.params });
  const allowed = matches.map(({ route }) => route.method);
  const detail = `${event.path} takes ${allowed.join(' and ')} only, got: ${event.httpMethod}`;
  throw new Problem('method-not-allowed', detail, {}, { allow: allowed.join(', ') });
}

function paramsOf(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const hasRest = REST.test(pattern.at(-1)!);
  if (hasRest ? segments.length < pattern.length : segments.length !== pattern.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index]!;
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name !== undefined) params[name] = segment;
    else if (part !== segment && !REST.test(part)) return undefined;
  }
  return params;
}

const REST = /^\{\w+\+\}$/;
