import type { APIGatewayProxyEvent } from 'aws-lambda';
import { WORK_CLASS_HEADER, WORK_CLASSES } from '../../core/api/headers';
import type { WorkClass } from '../../core/run/work-class';
import { header } from './http';
import { Problem } from './problem';

/** What the caller says that the run is for; interactive if nothing is said. @throws Problem */
export function workClassOf(event: APIGatewayProxyEvent): WorkClass {
  const value = header(event, WORK_CLASS_HEADER) ?? 'interactive';
  const known = WORK_CLASSES.find((work) => work === value);
  if (known) return known;
  const names = WORK_CLASSES.map((work) => JSON.stringify(work)).join(' or ');
  const detail = `must be ${names}, or be left out, got: ${JSON.stringify(value.slice(0, 40))}`;
  throw new Problem('malformed-request', `the header ${WORK_CLASS_HEADER} ${detail}`, {
    errors: [{ field: WORK_CLASS_HEADER, detail }],
  });
}
