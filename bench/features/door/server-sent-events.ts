export interface ServerSentEvent {
  /** `message` if it has no name. */
  readonly event: string;
  readonly data: string;
}

/** The events of a body, of one line of data each. @see https://html.spec.whatwg.org/multipage/server-sent-events.html */
export async function* serverSentEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let unread = '';
  for await (const bytes of body) {
    unread += decoder.decode(bytes, { stream: true });
    const events = unread.split('\n\n');
    unread = events.pop()!;
    for (const event of events) yield parse(event);
  }
}

function parse(text: string): ServerSentEvent {
  let event = 'message';
  let data = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('data: ')) data = line.slice(6);
    else if (line.startsWith('event: ')) event = line.slice(7);
  }
  return { event, data };
}
