import { EVENT_STREAM_MEDIA_TYPE } from './event-stream';
import { json, RUN_HEADERS } from './openapi-responses';

/** OpenAPI has no way to describe the events of a stream one by one. */
const EVENTS = `Server-sent events, for callers that accept ${EVENT_STREAM_MEDIA_TYPE}; the data of each is a JSON document:

- run: {"runId"}, first
- text: {"node", "text"}, a part of the text of a node
- node.started, node.waiting, node.finished: with events=nodes
- heartbeat: {"waitingFor", "readyInMs"}, each as far as it is known, after 5 s without another event
- output: {"runId", "output"}, or error: a Problem; last`;

export const EVENTS_PARAMETER = {
  name: 'events',
  in: 'query',
  description: 'With "nodes" the events of a run tell when nodes start, wait and end',
  schema: { enum: ['nodes'] },
};

/** The answer to a run that can be read while it goes on. */
export function runEvents(answer: object): object {
  const whole = json('The output of the run, or its events', answer, RUN_HEADERS) as { readonly content: object };
  const schema = { type: 'string', description: EVENTS };
  return { ...whole, content: { ...whole.content, [EVENT_STREAM_MEDIA_TYPE]: { schema } } };
}
