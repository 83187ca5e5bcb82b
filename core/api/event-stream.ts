/** Of a run that is read while it goes on. @see https://html.spec.whatwg.org/multipage/server-sent-events.html */
export const EVENT_STREAM_MEDIA_TYPE = 'text/event-stream';
