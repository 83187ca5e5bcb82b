/** What a stack tells of a run, as far as it is shown. */
export type RunEvent =
  | { readonly event: 'run'; readonly data: { readonly runId: string } }
  | { readonly event: 'text'; readonly data: { readonly node: string; readonly text: string } }
  | {
      readonly event: 'heartbeat';
      readonly data: { readonly waitingFor?: readonly string[]; readonly readyInMs?: number };
    }
  | { readonly event: 'output'; readonly data: { readonly runId: string; readonly output?: unknown } }
  | { readonly event: 'error'; readonly data: unknown };

const BLANK_LINE = /\r?\n\r?\n/;
/** Its data may hold line separators that JSON leaves as they are, U+2028 and U+2029. */
const EVENT = /^event: (\S+)\r?\ndata: (.*)$/s;

/** The events of a run as they come, and as far as they come: the last is an output or an error, if nothing broke. */
export async function* runEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<RunEvent> {
  let unread = '';
  for await (const text of untilBroken(body.pipeThrough(new TextDecoderStream()))) {
    const blocks = (unread + text).split(BLANK_LINE);
    unread = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, event, data = ''] = EVENT.exec(block) ?? [];
      if (event !== undefined) yield { event, data: JSON.parse(data) } as RunEvent;
    }
  }
}

async function* untilBroken(texts: AsyncIterable<string>): AsyncGenerator<string> {
  try {
    yield* texts;
  } catch {
    // What came before still counts.
  }
}
