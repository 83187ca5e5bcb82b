import type { APIGatewayProxyEvent } from 'aws-lambda';
import { z } from 'zod';
import { graph } from '../../../../core/graph';
import { type RunReport, type ServeOptions, serve } from '../../../../lambda/orchestrator';
import { VirtualClock } from '../../../core/run/support/virtual-clock';
import { answer, closed, Service } from '../../backends/service';
import { completion } from '../agents';
import { contextOf, eventOf } from '../event';
import { Telling, tell } from './agents';
import { eventsIn, Sink } from './sink';

const UUID = /^[0-9a-f-]{36}$/;

/** @see https://github.com/aws/aws-lambda-nodejs-runtime-interface-client */
const MARK = Symbol.for('aws.lambda.runtime.handler.streaming');

const silent = graph('silent', { input: z.object({}) })
  .compute('bye', [], () => 'Bye.')
  .output(['bye'], ({ bye }) => bye);

let service: Service;
let telling: Telling;
let sink: Sink;
let reports: RunReport[];

beforeAll(async () => {
  service = await Service.start();
});

beforeEach(() => {
  telling = new Telling();
  service.replies(telling.reply);
  sink = new Sink();
  reports = [];
});

afterAll(() => service.stop());

const handlerOf = (options: ServeOptions = {}) =>
  serve(tell, {
    config: { bindings: { writer: { type: 'http', url: service.url } } },
    onRunEnd: (report) => reports.push(report),
    ...options,
  });

function asking(body: unknown = { name: 'Ada' }, headers = {}, query?: Record<string, string>): APIGatewayProxyEvent {
  const accept = { 'content-type': 'application/json', accept: 'text/event-stream', ...headers };
  const event = eventOf({ method: 'POST', path: '/agents/tell/runs', headers: accept, body });
  return { ...event, queryStringParameters: query ?? null };
}

async function tellAll(...parts: string[]): Promise<void> {
  await telling.asked;
  for (const part of parts) telling.say(part);
  telling.end();
}

test('text reaches the caller while the model still writes', async () => {
  const running = handlerOf()(asking(), sink, contextOf());
  await telling.asked;
  telling.say('Once ');
  await sink.until(() => sink.events.length === 2);
  telling.say('upon a time');
  await sink.until(() => sink.events.length === 3);
  telling.end();
  await running;

  const run = sink.events[0]!.data;
  expect(run.runId).toMatch(UUID);
  expect(sink.events).toEqual([
    { event: 'run', data: { runId: run.runId } },
    { event: 'text', data: { node: 'story', text: 'Once ' } },
    { event: 'text', data: { node: 'story', text: 'upon a time' } },
    { event: 'output', data: { runId: run.runId, output: { story: 'Once upon a time' } } },
  ]);
  expect(reports).toMatchObject([{ runId: run.runId, record: { status: 'succeeded' } }]);
});

test('nothing on the way may hold the events back', async () => {
  const running = handlerOf()(asking(), sink, contextOf());
  await tellAll('Once');
  await running;
  expect(sink.mediaType).toBe('application/vnd.awslambda.http-integration-response');
  expect(sink.head).toEqual({
    statusCode: 200,
    headers: {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'compound-run-id': sink.events[0]!.data.runId,
    },
  });
});

test('who asks for nodes is told when each starts and ends, around its text', async () => {
  const running = handlerOf()(asking(undefined, {}, { events: 'nodes' }), sink, contextOf());
  await tellAll('Once');
  await running;
  const times = { startMs: expect.any(Number), endMs: expect.any(Number) };
  expect(sink.events).toEqual([
    { event: 'run', data: expect.anything() },
    { event: 'node.started', data: { node: 'topic', startMs: expect.any(Number) } },
    { event: 'node.finished', data: { node: 'topic', status: 'succeeded', ...times } },
    { event: 'node.started', data: { node: 'story', startMs: expect.any(Number) } },
    { event: 'text', data: { node: 'story', text: 'Once' } },
    { event: 'node.finished', data: { node: 'story', status: 'succeeded', ...times } },
    { event: 'output', data: expect.anything() },
  ]);
});

test.each([
  [422, 'invalid-input', asking({ name: 7 })],
  [400, 'malformed-request', asking('{')],
  [400, 'malformed-request', asking(undefined, {}, { events: 'all' })],
  [415, 'unsupported-media-type', asking('x', { 'content-type': 'text/plain' })],
])('a run that cannot begin is answered %d, as without a stream', async (status, type, event) => {
  await handlerOf()(event, sink, contextOf());
  expect(sink.head).toMatchObject({
    statusCode: status,
    headers: { 'content-type': 'application/problem+json' },
  });
  expect(JSON.parse(sink.body)).toMatchObject({ status, type: `urn:compound:problem:${type}` });
  expect(reports).toEqual([]);
});

test('a run that fails on its way ends with its problem', async () => {
  service.replies(answer(400, ''));
  await handlerOf()(asking(), sink, contextOf());
  const [run, error] = sink.events;
  expect(error).toEqual({
    event: 'error',
    data: {
      type: 'urn:compound:problem:agent-fault',
      title: 'The agent itself failed',
      status: 500,
      detail: expect.stringContaining('story'),
      runId: run!.data.runId,
      node: 'story',
    },
  });
  expect(reports).toMatchObject([{ runId: run!.data.runId, record: { status: 'failed' } }]);
});

test('a run that fails on its way says when to ask again, which no header can', async () => {
  service.replies(answer(429, '', { 'retry-after': '7' }));
  await handlerOf()(asking(), sink, contextOf());
  expect(sink.events.at(-1)).toMatchObject({
    event: 'error',
    data: { type: 'urn:compound:problem:throttled', status: 429, retryAfterSeconds: 7 },
  });
});

test.each([
  ['text/event-stream', 'text/event-stream'],
  ['Text/Event-Stream; q=0.5, application/json', 'text/event-stream'],
  ['text/event-stream;q=0, */*', 'application/json'],
  ['text/event-stream; q=0.0', 'application/json'],
  ['*/*', 'application/json'],
  ['text/*', 'application/json'],
  ['', 'application/json'],
])('who accepts %j is answered %s', async (accept, type) => {
  service.replies(answer(200, completion('Once')));
  const running = handlerOf()(asking(undefined, { accept }), sink, contextOf());
  if (type === 'text/event-stream') service.replies(telling.reply);
  if (type === 'text/event-stream') await tellAll('Once');
  await running;
  expect(sink.head.headers['content-type']).toBe(type);
});

test('a plain answer goes the same way, whole', async () => {
  service.replies(answer(200, completion('Once')));
  await handlerOf()(asking(undefined, { accept: 'application/json' }), sink, contextOf());
  expect(sink.head).toMatchObject({ statusCode: 200, headers: { 'server-timing': expect.any(String) } });
  expect(JSON.parse(sink.body)).toEqual({ runId: expect.stringMatching(UUID), output: { story: 'Once' } });
});

test('without a stream to write to, the events come together at the end', async () => {
  const running = handlerOf()(asking(), contextOf());
  await tellAll('Once', ' more');
  const { statusCode, headers, body } = await running;
  expect({ statusCode, type: headers!['content-type'] }).toEqual({ statusCode: 200, type: 'text/event-stream' });
  expect(eventsIn(body).at(-1)).toMatchObject({ event: 'output', data: { output: { story: 'Once more' } } });
});

test('pages of an allowed origin may read the events', async () => {
  const event = { ...asking(), stageVariables: { corsOrigin: 'any' } };
  const running = handlerOf()(event, sink, contextOf());
  await tellAll('Once');
  await running;
  expect(sink.head.headers).toMatchObject({
    'content-type': 'text/event-stream',
    'access-control-allow-origin': '*',
    'access-control-expose-headers': expect.stringContaining('compound-run-id'),
  });
});

test('a reader who takes nothing finds the text joined when it reads again', async () => {
  const running = handlerOf()(asking(), sink, contextOf());
  await telling.asked;
  await sink.until(() => sink.events.length === 1);
  sink.hold();
  const word = 'word '.repeat(1_000);
  for (let i = 0; i < 100; i++) telling.say(word);
  telling.end();
  // The report comes after the last text: by then nothing was lost, and nothing but text was kept.
  while (reports.length === 0) await new Promise(setImmediate);
  const before = sink.chunks.length;
  sink.release();
  await running;
  expect(sink.chunks.length - before).toBeLessThan(10);
  const texts = sink.events.filter(({ event }) => event === 'text');
  expect(texts.length).toBeLessThan(10);
  expect(texts.map(({ data }) => data.text).join('')).toBe(word.repeat(100));
});

test('a caller who hangs up ends the run, and what it asked of the model, and the function has not failed', async () => {
  const ended = handlerOf()(asking(), sink, contextOf());
  await telling.asked;
  telling.say('Once');
  await sink.until(() => sink.events.length === 2);
  sink.destroy();
  await closed(telling.response);
  await ended;
  expect(reports).toMatchObject([{ record: { status: 'cancelled' } }]);
});

test('the time to the first text is reported, of runs that are read', async () => {
  const handler = handlerOf();
  const startMs = performance.now();
  const running = handler(asking(), sink, contextOf());
  await tellAll('Once');
  await running;
  const tookMs = performance.now() - startMs;
  service.replies(answer(200, completion('Once')));
  await handler(asking(undefined, { accept: 'application/json' }), contextOf());
  const [streamed, plain] = reports;
  expect(streamed!.firstTextMs).toBeGreaterThan(0);
  expect(streamed!.firstTextMs).toBeLessThanOrEqual(tookMs);
  expect(plain).not.toHaveProperty('firstTextMs');
});

describe('while nothing else is told', () => {
  test('a heartbeat comes every 5 s, and says which component has no copy', async () => {
    const clock = new VirtualClock();
    service.replies(answer(503, '', { 'retry-after': '1' }));
    const running = handlerOf({ clock })(asking(), sink, contextOf());
    while (service.received.length === 0) await clock.advance(0);
    for (let beats = 0; beats < 2; beats++) {
      const before = sink.events.length;
      while (sink.events.length === before) await clock.advance(100);
    }
    expect(sink.events.slice(1)).toEqual([
      { event: 'heartbeat', data: { waitingFor: ['writer'] } },
      { event: 'heartbeat', data: { waitingFor: ['writer'] } },
    ]);
    expect(clock.now()).toBeGreaterThanOrEqual(10_000);
    expect(clock.now()).toBeLessThanOrEqual(10_200);
    sink.destroy();
    await running.catch(() => {});
    expect(clock.liveTimers).toBe(0);
  });

  test('text puts the next heartbeat off', async () => {
    const clock = new VirtualClock();
    const running = handlerOf({ clock })(asking(), sink, contextOf());
    await telling.asked;
    await clock.advance(4_000);
    telling.say('Once');
    await sink.until(() => sink.events.length === 2);
    await clock.advance(4_900);
    expect(sink.events.map(({ event }) => event)).toEqual(['run', 'text']);
    await clock.advance(100);
    expect(sink.events.at(-1)).toEqual({ event: 'heartbeat', data: {} });
    telling.end();
    await running;
    expect(clock.liveTimers).toBe(0);
  });
});

test('runs that are told at once, in one process, do not meet', async () => {
  const handler = handlerOf();
  const names = ['Ada', 'Bob', 'Cem', 'Dee'];
  const tellings = new Map(names.map((name) => [name, new Telling()]));
  service.replies((response, { body }) => tellings.get(/for (\w+)/.exec(body)![1]!)!.reply(response));
  const sinks = names.map(() => new Sink());
  const running = names.map((name, i) => handler(asking({ name }), sinks[i]!, contextOf()));
  for (const part of ['Hello', ', ', 'you']) {
    for (const [name, telling] of tellings) {
      await telling.asked;
      telling.say(`${part}${name}`);
    }
  }
  for (const telling of tellings.values()) telling.end();
  await Promise.all(running);
  expect(sinks.map(({ events }) => events.at(-1)!.data.output.story)).toEqual(
    names.map((name) => `Hello${name}, ${name}you${name}`),
  );
  const ids = sinks.map(({ events }) => new Set(events.flatMap(({ data }) => data.runId ?? [])));
  expect(ids.map(({ size }) => size)).toEqual([1, 1, 1, 1]);
  expect(new Set(ids.flatMap((each) => [...each])).size).toBe(4);
});

test('the runtime of Lambda sees which handler streams: one of whose agents does', () => {
  const plain = serve([silent]);
  const streaming = serve([silent, tell]);
  const marks = [plain, streaming].map((handler) => [handler.isStreaming, Reflect.get(handler, MARK)]);
  expect(marks).toEqual([
    [false, undefined],
    [true, 'response'],
  ]);
  // It would take three parameters for a handler with a callback, and refuse it.
  expect(plain.length).toBeLessThan(3);
});
