// A function that streams, under the runtime client: its text must leave it while the model still writes.
import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { dirname, join } from 'node:path';
import { bundleModule } from '../../lib/agent/private/bundle';
import { answer, closed, Service } from '../../test/lambda/backends/service';
import { eventOf } from '../../test/lambda/orchestrator/event';
import { Telling } from '../../test/lambda/orchestrator/streaming/agents';
import { eventsIn } from '../../test/lambda/orchestrator/streaming/sink';
import { ROOT, step } from '../steps';
import { LambdaProcess } from './lambda-process';

const END_OF_HEAD = '\0'.repeat(8);

export async function proveStreaming(logs: string): Promise<void> {
  const bundle = bundleModule(join(ROOT, 'e2e', 'streaming-agent.ts'), { conditions: ['source'] });
  const model = await Service.start();
  const config = { bindings: { writer: { type: 'http', url: model.url } } };
  const environment = { COMPOUND_CONFIG: JSON.stringify(config) };
  const code = { code: dirname(bundle.file), handler: 'index.handler' };
  const started = await LambdaProcess.start(code, environment, join(logs, 'streaming.log'));
  try {
    await step('the text of an agent leaves its function while the model still writes', async () => {
      const telling = new Telling();
      model.replies(telling.reply);
      const told = new Told(await started.stream(asking({ topic: 'rain' })));
      assert.equal(told.answer.headers['lambda-runtime-function-response-mode'], 'streaming');
      assert.equal(told.answer.headers['content-type'], 'application/vnd.awslambda.http-integration-response');
      await telling.asked;
      for (const word of ['Once', ' upon', ' a time']) {
        telling.say(word);
        await told.until(() => told.events.at(-1)?.data.text === word);
      }
      assert.equal(told.head.headers['content-type'], 'text/event-stream');
      telling.end();
      await told.until(() => told.events.at(-1)?.event === 'output');
      assert.equal(told.events.at(-1)?.data.output, 'Once upon a time');
      await told.ended;
    });
    await step('the same process answers whole documents, and refuses input that does not fit', async () => {
      model.replies(answer(200, { choices: [{ message: { content: 'Once' }, finish_reason: 'stop' }] }));
      const whole = new Told(await started.stream(asking({ topic: 'rain' }, 'application/json')));
      await whole.ended;
      assert.equal(whole.head.statusCode, 200);
      assert.equal(JSON.parse(whole.body).output, 'Once');
      const refused = new Told(await started.stream(asking({ topic: 7 })));
      await refused.ended;
      assert.equal(refused.head.statusCode, 422);
      assert.equal(refused.head.headers['content-type'], 'application/problem+json');
      assert.equal(started.output.match(/"run succeeded"/g)?.length, 2);
    });
    await step('a stream that breaks ends what the model still writes', async () => {
      const telling = new Telling();
      model.replies(telling.reply);
      const told = new Told(await started.stream(asking({ topic: 'rain' })));
      await telling.asked;
      telling.say('Once');
      await told.until(() => told.events.at(-1)?.event === 'text');
      told.answer.destroy();
      await closed(telling.response);
    });
  } finally {
    await started.stop();
    await model.stop();
    bundle.remove();
  }
}

/** An answer as it comes. */
class Told {
  readonly ended: Promise<void>;
  #text = '';
  #changed: () => void = () => {};

  constructor(readonly answer: IncomingMessage) {
    answer.setEncoding('utf8').on('data', (text: string) => {
      this.#text += text;
      this.#changed();
    });
    this.ended = new Promise((resolve) => answer.once('end', () => resolve()));
  }

  get head(): { readonly statusCode: number; readonly headers: Record<string, string> } {
    return JSON.parse(this.#text.slice(0, this.#text.indexOf(END_OF_HEAD)));
  }

  get body(): string {
    return this.#text.slice(this.#text.indexOf(END_OF_HEAD) + END_OF_HEAD.length);
  }

  get events(): ReturnType<typeof eventsIn> {
    return this.#text.includes(END_OF_HEAD) ? eventsIn(this.body) : [];
  }

  async until(isThere: () => boolean): Promise<void> {
    while (!isThere()) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }
}

function asking(body: unknown, accept = 'text/event-stream') {
  const headers = { 'content-type': 'application/json', accept };
  return eventOf({ method: 'POST', path: '/agents/teller/runs', headers, body });
}
