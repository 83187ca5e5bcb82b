export interface ServerEvent {
  readonly type: string;
  readonly data: string;
}

/** Server-sent events as the orchestrator writes them: one line each for type and data. */
export async function* serverEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const part of body) {
    const blocks = (rest + decoder.decode(part, { stream: true })).split('\n\n');
    rest = blocks.pop()!;
    for (const block of blocks) {
      const [, type = '', data = ''] = /^event: (.*)\ndata: (.*)$/.exec(block) ?? [];
      yield { type, data };
    }
  }
  if (rest !== '') yield { type: 'no whole event', data: rest };
}
