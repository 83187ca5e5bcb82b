import type { RunReport } from '../../../lambda/orchestrator';
import { serve } from '../../../lambda/orchestrator';
import { deadlineMsFor } from '../../../lambda/orchestrator/deadline';
import { closed, Service } from '../backends/service';
import { greet, writerAt } from './agents';
import { ask, contextOf, eventOf, run } from './event';

const deadlineOf = (asked: string | undefined, configuredMs: number, remainingMs: number) =>
  deadlineMsFor(
    eventOf({ path: '/agents/greet/runs', headers: asked === undefined ? {} : { 'Compound-Deadline-Ms': asked } }),
    contextOf(remainingMs),
    configuredMs,
  );

test.each([
  // asked, configured, left of the function, allowed
  [undefined, 28_000, 29_000, 28_000],
  [undefined, 28_000, 3_000, 2_800],
  ['5000', 28_000, 29_000, 5_000],
  ['60000', 28_000, 29_000, 28_000],
  ['60000', 28_000, 3_000, 2_800],
  ['1.5', 28_000, 29_000, 1.5],
  [' 250 ', 28_000, 29_000, 250],
  ['1', 28_000, 29_000, 1],
  ['5000', 28_000, 100, 1],
])('asked for %p ms, with %d configured and %d left of the function, a run has %d ms', (asked, ms, left, expected) => {
  expect(deadlineOf(asked, ms, left)).toBe(expected);
});

describe('a request that waited before the function began', () => {
  const now = Date.UTC(2026, 10, 22);

  beforeEach(() => jest.useFakeTimers({ now }));
  afterEach(() => jest.useRealTimers());

  test.each([
    // age, asked, left of the function, allowed
    [0, undefined, 29_000, 28_000],
    [1_500, undefined, 29_000, 26_500],
    [1_500, '5000', 29_000, 3_500],
    [1_500, '5000', 2_000, 1_800],
    [29_000, undefined, 29_000, 1],
    [29_001, undefined, 29_000, 28_000],
    [-1, undefined, 29_000, 28_000],
    [Number.NaN, undefined, 29_000, 28_000],
  ])('for %d ms, asked for %p, with %d left of the function, has %d ms', (ageMs, asked, leftMs, expected) => {
    const event = eventOf({ path: '/', headers: asked === undefined ? {} : { 'compound-deadline-ms': asked } });
    const requestContext = { ...event.requestContext, requestTimeEpoch: now - ageMs };
    expect(deadlineMsFor({ ...event, requestContext }, contextOf(leftMs), 28_000)).toBe(expected);
  });
});

const handler = serve(greet, { config: { bindings: writerAt('http://127.0.0.1:9') }, onRunEnd: () => {} });

test.each(['', ' ', '0', '-1', '0.5', 'soon', '5s', 'NaN', 'Infinity', '1,000', '0x10', '1e3', '9'.repeat(400)])(
  'the deadline %p is refused by the name of the header',
  async (asked) => {
    const { status, body } = await run(handler, 'greet', { name: 'Ada' }, { 'compound-deadline-ms': asked });
    const detail = `must be a number of milliseconds from 1, as in 1500, got: ${JSON.stringify(asked.slice(0, 40))}`;
    expect(status).toBe(400);
    expect(body).toMatchObject({
      type: 'urn:compound:problem:malformed-request',
      detail: `the header compound-deadline-ms ${detail}`,
      errors: [{ field: 'compound-deadline-ms', detail }],
    });
  },
);

describe('while a component says nothing', () => {
  let service: Service;
  let upstream: Promise<void>;
  let reports: RunReport[];

  beforeEach(async () => {
    service = await Service.start();
    reports = [];
    upstream = new Promise((resolve) => service.replies((response) => resolve(closed(response))));
  });

  afterEach(() => service.stop());

  test.each([
    ['the caller', { asked: '60', configuredMs: 28_000, remainingMs: 29_000 }],
    ['the configuration', { asked: '20000', configuredMs: 60, remainingMs: 29_000 }],
    ['the timeout of the function', { asked: '20000', configuredMs: 28_000, remainingMs: 260 }],
  ])('the run ends when %s says so, and so does the call', async (_, { asked, configuredMs, remainingMs }) => {
    const hung = serve(greet, {
      config: { bindings: writerAt(service.url), deadlineMs: configuredMs },
      onRunEnd: (report) => reports.push(report),
    });
    const { status, headers, body } = await ask(hung, {
      method: 'POST',
      path: '/agents/greet/runs',
      headers: { 'content-type': 'application/json', 'compound-deadline-ms': asked },
      body: { name: 'Ada' },
      remainingMs,
    });
    expect(status).toBe(504);
    expect(headers).not.toHaveProperty('retry-after');
    expect(body).toMatchObject({
      type: 'urn:compound:problem:deadline-exceeded',
      title: 'The agent did not answer in time',
    });
    expect(reports[0]!.record.wallMs).toBeGreaterThanOrEqual(55);
    expect(reports[0]!.record.wallMs).toBeLessThan(1_000);
    await upstream;
  });
});
