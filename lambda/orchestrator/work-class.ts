import type { APIGatewayProxyEvent } from 'aws-lambda';
import { WORK_CLASS_HEADER, WORK_CLASSES } from '../../core/api/headers';
import type { WorkClass } from '../../core/run/work-class';
import { headerChoice } from './header-choice';

/** What the caller says that the run is for; interactive if nothing is said. @throws Problem */
export function workClassOf(event: APIGatewayProxyEvent): WorkClass {
  return headerChoice(event, WORK_CLASS_HEADER, WORK_CLASSES, 'interactive');
}
