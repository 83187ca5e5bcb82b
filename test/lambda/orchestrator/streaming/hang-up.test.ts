import { type RunReport, serve } from '../../../../lambda/orchestrator';
import { VirtualClock } from '../../../core/run/support/virtual-clock';
import { closed, Service } from '../../backends/service';
import { contextOf, eventOf } from '../event';
import { Gateway } from '../gateway';
import { Telling, tell } from './agents';
import { Sink } from './sink';

interface Request {
  readonly path: string;
  readonly accept: string;
  readonly body: object;
}

const run = (accept: string): Request => ({ path: '/agents/tell/runs', accept, body: { name: 'Ada' } });
const completion = (stream: boolean): Request => ({
  path: '/v1/chat/completions',
  accept: '*/*',
  body: { model: 'tell', stream, messages: [{ role: 'user', content: 'Ada' }] },
});
const toolCall = (accept: string): Request => ({
  path: '/mcp',
  accept,
  body: { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'tell', arguments: { name: 'Ada' } } },
});

const REQUESTS: readonly [what: string, request: Request][] = [
  ['an output', run('application/json')],
  ['the events of a run', run('text/event-stream')],
  ['a completion', completion(false)],
  ['a completion as a stream', completion(true)],
  ['the result of a tool', toolCall('application/json')],
  ['the result of a tool as an event', toolCall('application/json, text/event-stream')],
];

let service: Service;
let telling: Telling;
let clock: VirtualClock;
let gateway: Gateway | undefined;
let reported: Promise<RunReport>;
let report: (report: RunReport) => void;

beforeAll(async () => {
  service = await Service.start();
});

beforeEach(() => {
  telling = new Telling();
  service.replies(telling.reply);
  clock = new VirtualClock();
  gateway = undefined;
  reported = new Promise((resolve) => {
    report = resolve;
  });
});

afterEach(() => gateway?.stop());

afterAll(() => service.stop());

const handlerOf = () =>
  serve(tell, { clock, config: { bindings: { writer: { type: 'http', url: service.url } } }, onRunEnd: report });

const headersOf = ({ accept }: Request) => ({ 'content-type': 'application/json', accept });

// The clock stands still: neither a heartbeat nor a deadline ends these runs.
test.each(REQUESTS)('who asks for %s and hangs up ends the run at once, and its call', async (_, request) => {
  gateway = await Gateway.start(handlerOf());
  const caller = new AbortController();
  const init = { method: 'POST', headers: headersOf(request), body: JSON.stringify(request.body) };
  const asked = fetch(gateway.url + request.path, { ...init, signal: caller.signal }).then((each) => each.text());
  await telling.asked;
  caller.abort();
  await expect(asked).rejects.toThrow('aborted');
  await closed(telling.response);
  expect((await reported).record.status).toBe('cancelled');
  expect(clock.liveTimers).toBe(0);
});

test.each(REQUESTS)('a function that is asked for %s has not failed because its caller hung up', async (_, request) => {
  const sink = new Sink();
  const event = eventOf({ method: 'POST', path: request.path, headers: headersOf(request), body: request.body });
  const running = handlerOf()(event, sink, contextOf());
  await telling.asked;
  sink.destroy();
  await running;
  expect((await reported).record.status).toBe('cancelled');
});

test.each(REQUESTS)('nothing is called for who asks for %s and has gone already', async (_, request) => {
  const sink = new Sink();
  sink.destroy();
  const event = eventOf({ method: 'POST', path: request.path, headers: headersOf(request), body: request.body });
  await handlerOf()(event, sink, contextOf());
  expect((await reported).record.status).toBe('cancelled');
  expect(service.received).toEqual([]);
});
