/** What can be wrong with a request or its run, with the status and title of the answer. */
export const PROBLEMS = {
  'malformed-request': [400, 'The request cannot be read'],
  'not-found': [404, 'There is nothing here'],
  'method-not-allowed': [405, 'The method does not fit the resource'],
  'request-too-large': [413, 'The request is too large'],
  'unsupported-media-type': [415, 'The request is no JSON'],
  'invalid-input': [422, 'The input does not match the schema of the agent'],
  'tenant-limit': [429, 'The tenant has no room for another run'],
  throttled: [429, 'A component asks for fewer calls'],
  'agent-fault': [500, 'The agent itself failed'],
  // A caller did nothing wrong, and can pay no more: neither 402 nor any other of their faults.
  'over-budget': [500, 'The run has cost what it may'],
  'component-failed': [502, 'A component of the agent failed'],
  'component-not-ready': [503, 'A component of the agent is starting'],
  'deadline-exceeded': [504, 'The agent did not answer in time'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemType = keyof typeof PROBLEMS;

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

export function problemUri(type: ProblemType): string {
  return `urn:compound:problem:${type}`;
}

/** All problems a run can end with, by status: what an API document lists. */
export function problemTitles(): ReadonlyMap<number, string> {
  const titles = new Map<number, string>();
  for (const [status, title] of Object.values(PROBLEMS)) {
    const others = titles.get(status);
    titles.set(status, others === undefined ? title : `${others}; or: ${title}`);
  }
  return titles;
}
