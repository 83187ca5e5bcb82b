import { serve } from '../../../lambda/orchestrator';
import { greet } from './agents';
import { type Ask, contextOf, eventOf } from './event';

const handler = serve(greet, { config: { bindings: {} } });

const headersOf = async (request: Ask, stageVariables: Record<string, string> | null) =>
  (await handler({ ...eventOf(request), stageVariables }, contextOf())).headers!;

test.each([
  ['https://app.example.com', 'https://app.example.com'],
  ['any', '*'],
])('pages of the origin %j that the stage names may read an answer', async (corsOrigin, allowed) => {
  const headers = await headersOf({ path: '/agents/greet' }, { corsOrigin });
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'access-control-allow-origin': allowed,
    'access-control-expose-headers':
      'compound-run-id,compound-cost-usd,compound-copy-seconds,server-timing,retry-after,x-request-id,x-should-retry',
  });
});

test('and what went wrong', async () => {
  const headers = await headersOf({ path: '/agents/nobody' }, { corsOrigin: 'any' });
  expect(headers).toMatchObject({
    'content-type': 'application/problem+json',
    'access-control-allow-origin': '*',
  });
});

test.each([null, {}])('without one no page may: %j', async (stageVariables) => {
  const headers = await headersOf({ path: '/agents' }, stageVariables);
  expect(headers).toEqual({ 'content-type': 'application/json' });
});
