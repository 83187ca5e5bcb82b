import type { APIGatewayProxyEvent } from 'aws-lambda';
import { header } from './http';
import { Problem } from './problem';

/** Which of some words a header says; `otherwise` if it is left out. @throws Problem */
export function headerChoice<T extends string>(
  event: APIGatewayProxyEvent,
  name: string,
  choices: readonly T[],
  otherwise: T,
): T {
  const value = header(event, name) ?? otherwise;
  const known = choices.find((choice) => choice === value);
  if (known) return known;
  const names = choices.map((choice) => JSON.stringify(choice)).join(' or ');
  throw unreadableHeader(name, `must be ${names}, or be left out`, value);
}

/** @param must what it should be */
export function unreadableHeader(name: string, must: string, value: string): Problem {
  const detail = `${must}, got: ${JSON.stringify(value.slice(0, 40))}`;
  return new Problem('malformed-request', `the header ${name} ${detail}`, { errors: [{ field: name, detail }] });
}
