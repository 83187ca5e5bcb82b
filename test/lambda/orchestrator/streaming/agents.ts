import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { graph, model } from '../../../../core/graph';

/** Its last node streams to the caller; the one before does not. */
export const tell = graph('tell', { input: z.object({ name: z.string() }), retry: { attempts: 1 } })
  .compute('topic', [], ({ input }) => `a story for ${input.name}`)
  .node('story', ['topic'], { call: model('writer'), input: ({ topic }) => topic, stream: true })
  .output(['story'], ({ story }) => ({ story: story.text }));

/** A model's answer as its server writes it, part by part. */
export class Telling {
  #response: ServerResponse | undefined;
  #asked: () => void = () => {};
  readonly asked = new Promise<void>((resolve) => {
    this.#asked = resolve;
  });

  readonly reply = (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    this.#response = response;
    this.#asked();
  };

  get response(): ServerResponse {
    return this.#response!;
  }

  say(content: string): void {
    this.#send({ choices: [{ index: 0, delta: { content } }] });
  }

  end(): void {
    this.#send({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
    this.response.end('data: [DONE]\n\n');
  }

  #send(event: object): void {
    this.response.write(`data: ${JSON.stringify(event)}\n\n`);
  }
}
