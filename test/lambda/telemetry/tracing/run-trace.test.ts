import type { ServerResponse } from 'node:http';
import { context, trace } from '@opentelemetry/api';
import { z } from 'zod';
import { graph, model, tool } from '../../../../core/graph';
import { type Handler, serve } from '../../../../lambda/orchestrator';
import { answer, Service } from '../../backends/service';
import { run } from '../../orchestrator/event';
import { Gateway } from '../../orchestrator/gateway';
import { RecordedSpans } from './recorded-spans';

const Text = z.object({ text: z.string() });
const search = tool('search', { input: Text, output: Text });
const writer = model('writer');
const agent = graph('essay', { input: Text })
  .node('facts', { call: search, input: ({ input }) => input })
  .node('essay', ['facts'], { call: writer, input: ({ facts }) => facts.text })
  .output(({ essay }) => essay.text);

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = { traceparent: `00-${TRACE}-00f067aa0ba902b7-01`, tracestate: 'shop=1' };
const CHAT = {
  choices: [{ message: { content: 'SECRET' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 5, completion_tokens: 7 },
};

let service: Service;
let handler: Handler;
let failures: number;
const spans = new RecordedSpans();

beforeAll(async () => {
  service = await Service.start();
  const bindings = {
    search: { type: 'http' as const, url: `${service.url}/search` },
    writer: { type: 'http' as const, url: `${service.url}/v1`, model: 'llama', price: { perCallUsd: 0.5 } },
  };
  handler = serve(agent, { config: { bindings }, onRunEnd: () => {} });
});

afterAll(() => service.stop());

beforeEach(() => {
  failures = 0;
  spans.forget();
  service.replies((response, received) => {
    const isSearch = received.path === '/search';
    const reply = isSearch && failures-- > 0 ? answer(503, {}) : answer(200, isSearch ? { text: 'SECRET' } : CHAT);
    reply(response, received);
  });
});

afterEach(() => spans.unregister());

const named = (name: string) => spans.named(name);
const parentOf = (name: string) => named(name).parentSpanContext?.spanId;
const idOf = (name: string) => named(name).spanContext().spanId;

describe('with a provider of spans', () => {
  beforeEach(() => spans.register());

  test('a run is a tree: the agent, its nodes, their tries', async () => {
    const { status } = await run(handler, 'essay', { text: 'SECRET' });
    expect(status).toBe(200);
    expect(spans.all.map(({ name }) => name).toSorted()).toEqual([
      'chat llama',
      'execute_tool search',
      'invoke_agent essay',
      'node essay',
      'node facts',
    ]);
    expect(parentOf('chat llama')).toBe(idOf('node essay'));
    expect(parentOf('node essay')).toBe(idOf('invoke_agent essay'));
    expect(named('chat llama').attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'llama',
      'gen_ai.usage.input_tokens': 5,
      'gen_ai.usage.output_tokens': 7,
      'server.address': '127.0.0.1',
      'compound.cost_usd': 0.5,
    });
    expect(named('invoke_agent essay').attributes).toMatchObject({
      'gen_ai.agent.name': 'essay',
      'compound.critical_path': ['facts', 'essay'],
      'compound.cost_usd': 0.5,
    });
  });

  test('a try that reached a copy costs its time and the price of a call, whether it answers or fails', async () => {
    const price = { perCallUsd: 1, perCopyHourUsd: 36, concurrencyPerCopy: 4 };
    const search = { type: 'http' as const, url: `${service.url}/search`, price };
    const writer = { type: 'http' as const, url: `${service.url}/v1`, price: { perCallUsd: 0.5 } };
    const priced = serve(agent, { config: { bindings: { search, writer } }, onRunEnd: () => {} });
    const statuses = [429, 503, 200];
    service.replies((response, received) => {
      const isSearch = received.path === '/search';
      const reply = isSearch ? answer(statuses.shift()!, { text: 'a' }) : answer(200, CHAT);
      reply(response, received);
    });
    await run(priced, 'essay', { text: 'a' });
    const tries = spans.allNamed('execute_tool search');
    const seconds = tries.map(({ attributes }) => attributes['compound.copy_seconds']);
    expect(seconds).toEqual([undefined, expect.any(Number), expect.any(Number)]);
    expect(tries[0]!.attributes).not.toHaveProperty('compound.cost_usd');
    for (const { attributes } of tries.slice(1)) {
      expect(attributes['compound.cost_usd']).toBeCloseTo(1 + Number(attributes['compound.copy_seconds']) / 100, 9);
    }
    expect(named('invoke_agent essay').attributes).toMatchObject({ 'compound.copy_seconds': expect.any(Number) });
  });

  test('a try that is throttled after its answer had begun is paid for', async () => {
    const writer = { type: 'http' as const, url: `${service.url}/v1`, price: { perCallUsd: 0.5, perCopyHourUsd: 36 } };
    const told = graph('told', { input: Text, chat: { text: 'essay' }, retry: { attempts: 1 } })
      .node('essay', { call: model('writer'), input: ({ input }) => input.text, stream: true })
      .output(({ essay }) => essay.text);
    const streaming = serve(told, { config: { bindings: { writer } }, onRunEnd: () => {} });
    let response!: ServerResponse;
    service.replies((of) => {
      response = of;
      of.writeHead(200, { 'content-type': 'text/event-stream' });
      of.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'Hel' } }] })}\n\n`);
    });
    const gateway = await Gateway.start(streaming);
    const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
    const body = JSON.stringify({ text: 'a' });
    const { body: events } = await fetch(`${gateway.url}/agents/told/runs`, { method: 'POST', headers, body });
    for await (const part of events!) {
      if (!Buffer.from(part).includes('Hel')) continue;
      response.end(`data: ${JSON.stringify({ error: { message: 'slow down', code: 429 } })}\n\n`);
    }
    await gateway.stop();
    expect(named('chat writer').attributes).toMatchObject({
      'error.type': 'throttled',
      'compound.copy_seconds': expect.any(Number),
    });
    expect(named('chat writer').attributes['compound.cost_usd']).toBeGreaterThanOrEqual(0.5);
  });

  test('no span has a word of a prompt or an answer', async () => {
    failures = 1;
    await run(handler, 'essay', { text: 'SECRET' });
    expect(spans.text).not.toContain('SECRET');
  });

  test('it goes on the trace of the request, and each backend on that of its try', async () => {
    await run(handler, 'essay', { text: 'a' }, PARENT);
    expect(named('invoke_agent essay')).toMatchObject({
      parentSpanContext: { traceId: TRACE, spanId: '00f067aa0ba902b7' },
    });
    const [{ headers } = { headers: {} }] = service.received;
    const spanId = idOf('execute_tool search');
    expect(headers).toMatchObject({
      traceparent: `00-${TRACE}-${spanId}-01`,
      tracestate: 'shop=1',
      'x-amzn-trace-id': `Root=1-${TRACE.slice(0, 8)}-${TRACE.slice(8)};Parent=${spanId};Sampled=1`,
    });
  });

  test('what traces the function already is the parent', async () => {
    const outer = trace.getTracer('test').startSpan('function');
    await context.with(trace.setSpan(context.active(), outer), () => run(handler, 'essay', { text: 'a' }, PARENT));
    expect(parentOf('invoke_agent essay')).toBe(outer.spanContext().spanId);
  });

  test('each try is a span, and a further one an event of its node', async () => {
    failures = 1;
    await run(handler, 'essay', { text: 'a' });
    const tries = spans.allNamed('execute_tool search');
    expect(tries.map(({ attributes }) => [attributes['compound.attempt'], attributes['error.type']])).toEqual([
      [1, 'retryable'],
      [2, undefined],
    ]);
    expect(named('node facts').events.map(({ name }) => name)).toEqual(['retry']);
  });

  test('a run that fails has the kind of its error, and one whose input is refused too', async () => {
    failures = 100;
    await run(handler, 'essay', { text: 'a' }, { 'compound-deadline-ms': '50' });
    expect(named('invoke_agent essay').attributes['error.type']).toMatch(/failed|timed-out/);
    spans.forget();
    await run(handler, 'essay', { text: 1 });
    expect(named('invoke_agent essay').attributes['error.type']).toBe('invalid');
  });

  test('runs that go on together keep their spans apart', async () => {
    await Promise.all(Array.from({ length: 8 }, () => run(handler, 'essay', { text: 'a' })));
    expect(new Set(spans.all.map((span) => span.spanContext().traceId)).size).toBe(8);
    expect(spans.all).toHaveLength(8 * 5);
  });
});

describe('without one', () => {
  test('the trace of the request is passed on as it came', async () => {
    await run(handler, 'essay', { text: 'a' }, { Traceparent: PARENT.traceparent, tracestate: 'shop=1' });
    expect(service.received.map(({ headers }) => headers.traceparent)).toEqual(Array(2).fill(PARENT.traceparent));
    expect(service.received[0]!.headers.tracestate).toBe('shop=1');
  });

  test('one that is malformed is not', async () => {
    await run(handler, 'essay', { text: 'a' }, { traceparent: 'x' });
    expect(service.received[0]!.headers).not.toHaveProperty('traceparent');
  });

  test("Lambda's own trace goes to every backend", async () => {
    process.env._X_AMZN_TRACE_ID = 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1';
    await run(handler, 'essay', { text: 'a' });
    delete process.env._X_AMZN_TRACE_ID;
    expect(service.received[0]!.headers['x-amzn-trace-id']).toBe('Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1');
  });
});
