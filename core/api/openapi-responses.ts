import type { RESPONSE_HEADERS } from './headers';
import { PROBLEM_MEDIA_TYPE, PROBLEMS, problemTitles } from './problems';

type Header = keyof typeof RESPONSE_HEADERS;

export const RUN_HEADERS: readonly Header[] = [
  'compound-run-id',
  'compound-cost-usd',
  'compound-copy-seconds',
  'server-timing',
];

/** Problems of requests that do not run an agent. */
const READ_PROBLEMS = ['not-found', 'agent-fault'] as const;

/** Problems that a run ends with once it has begun; all others come before. */
const RUN_ENDS = [429, 500, 502, 503, 504];
const RETRIED = [429, 503];

export function json(description: string, schema: object, headers: readonly Header[] = []): object {
  return { description, ...headersOf(headers), content: { 'application/json': { schema } } };
}

export function readProblems(): object {
  return Object.fromEntries(READ_PROBLEMS.map((type) => [PROBLEMS[type][0], problem(PROBLEMS[type][1])]));
}

export function runProblems(): object {
  return Object.fromEntries(
    [...problemTitles()].map(([status, title]) => {
      const headers = RUN_ENDS.includes(status) ? RUN_HEADERS : [];
      return [status, problem(title, RETRIED.includes(status) ? [...headers, 'retry-after'] : headers)];
    }),
  );
}

function problem(description: string, headers: readonly Header[] = []): object {
  const schema = { $ref: '#/components/schemas/Problem' };
  return { description, ...headersOf(headers), content: { [PROBLEM_MEDIA_TYPE]: { schema } } };
}

function headersOf(names: readonly Header[]): object {
  if (names.length === 0) return {};
  return { headers: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }])) };
}
