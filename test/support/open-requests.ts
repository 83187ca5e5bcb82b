import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';

const START = 'http.server.request.start';

/** Counts the requests that HTTP servers of this process have not answered yet. */
export class OpenRequests {
  #count = 0;

  readonly #start = (message: unknown) => {
    const { response } = message as { readonly response: ServerResponse };
    this.#count++;
    response.once('close', () => {
      this.#count--;
    });
  };

  constructor() {
    subscribe(START, this.#start);
  }

  get count(): number {
    return this.#count;
  }

  stop(): void {
    unsubscribe(START, this.#start);
  }
}
