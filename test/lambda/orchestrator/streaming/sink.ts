import { Writable } from 'node:stream';
import type { ResponseStream } from '../../../../lambda/orchestrator';

export interface ReceivedEvent {
  readonly event: string;
  readonly data: any;
}

/** Reads server-sent events, as much of them as has come. */
export function eventsIn(text: string): ReceivedEvent[] {
  return text
    .split('\n\n')
    .slice(0, -1)
    .map((block) => {
      const [, event = '', data = ''] = /^event: (\S+)\ndata: (.*)$/.exec(block) ?? [];
      return { event, data: JSON.parse(data) };
    });
}

/** What Lambda hands to a handler that streams; it takes what is written as fast as a test lets it. */
export class Sink extends Writable implements ResponseStream {
  mediaType: string | undefined;
  /** Chunks as they were written. */
  readonly chunks: string[] = [];
  #isHeld = false;
  #held: (() => void) | undefined;
  #changed: () => void = () => {};

  setContentType(mediaType: string): void {
    this.mediaType = mediaType;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.chunks.push(chunk.toString());
    this.#changed();
    if (this.#isHeld) this.#held = done;
    else done();
  }

  /** Takes no more until released. */
  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    this.#held?.();
  }

  get head(): { readonly statusCode: number; readonly headers: Record<string, string> } {
    return JSON.parse(this.#text.slice(0, this.#endOfHead));
  }

  get body(): string {
    return this.#text.slice(this.#endOfHead + 8);
  }

  get events(): ReceivedEvent[] {
    return eventsIn(this.body);
  }

  /** Settles once something is there to be found. */
  async until(isThere: () => boolean): Promise<void> {
    while (!isThere()) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }

  get #text(): string {
    return this.chunks.join('');
  }

  get #endOfHead(): number {
    return this.#text.indexOf('\0'.repeat(8));
  }
}
