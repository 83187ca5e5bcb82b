import { serve } from '../../../../lambda/orchestrator';
import { VirtualClock } from '../../../core/run/support/virtual-clock';
import { answer, Service } from '../../backends/service';
import { contextOf, eventOf } from '../event';
import { Telling, tell } from './agents';
import { Sink } from './sink';

let service: Service;
let telling: Telling;
let clock: VirtualClock;
let sink: Sink;

beforeAll(async () => {
  service = await Service.start();
});

beforeEach(() => {
  telling = new Telling();
  service.replies(telling.reply);
  clock = new VirtualClock();
  sink = new Sink();
});

afterAll(() => service.stop());

const call = (params: object) => ({
  path: '/mcp',
  body: {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'tell', arguments: { name: 'Ada' }, ...params },
  },
});
const COMPLETION = {
  path: '/v1/chat/completions',
  body: { model: 'tell', stream: true, messages: [{ role: 'user', content: 'Ada' }] },
};

function ask({ path, body }: { readonly path: string; readonly body: object }) {
  const bindings = { writer: { type: 'http' as const, url: service.url } };
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const event = eventOf({ method: 'POST', path, headers, body });
  return serve(tell, { clock, config: { bindings }, onRunEnd: () => {} })(event, sink, contextOf());
}

/** What has been sent, once it has so many heartbeats. */
async function beats(count: number): Promise<void> {
  await sink.until(() => sink.chunks.join('').split(': heartbeat\n\n').length > count);
}

test.each([
  ['a tool that is asked for its progress', call({ _meta: { progressToken: 7 } })],
  ['a tool that is not', call({})],
  ['a completion that is made of the output', COMPLETION],
])('the connection to %s is kept open, however much a model writes that is not for the caller', async (_, request) => {
  const running = ask(request);
  await telling.asked;
  for (let beat = 1; beat <= 3; beat++) {
    for (let second = 0; second < 5; second++) {
      telling.say('more ');
      await clock.advance(1_000);
    }
    await beats(beat);
  }
  telling.end();
  await running;
  expect(sink.head).toMatchObject({ statusCode: 200, headers: { 'content-type': 'text/event-stream' } });
  expect(sink.body).toContain('more more');
  expect(clock.liveTimers).toBe(0);
});

test('a completion that fails before its first text is answered as one that is not streamed', async () => {
  service.replies(answer(400, 'a secret'));
  await ask(COMPLETION);
  expect(sink.head).toMatchObject({ statusCode: 500, headers: { 'content-type': 'application/json' } });
  expect(JSON.parse(sink.body)).toMatchObject({ error: { type: 'server_error', code: 'agent-fault' } });
  expect(clock.liveTimers).toBe(0);
});
