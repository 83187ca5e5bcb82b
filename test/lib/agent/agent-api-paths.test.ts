import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { z } from 'zod';
import { graph } from '../../../core/graph';
import { serve } from '../../../lambda/orchestrator';
import { AgentApi } from '../../../lib/agent/agent-api';
import { contextOf, eventOf } from '../../lambda/orchestrator/event';
import { TestAgent } from './agent-api-agent';
import { methodsOf, pathsOf } from './api-template';

const echo = graph('echo', { input: z.object({ text: z.string() }) })
  .compute('said', [], ({ input }) => input.text)
  .output(['said'], ({ said }) => said);

const stack = new Stack(new App(), 'Test');
new AgentApi(stack, 'Api', { agents: [new TestAgent(stack, 'echo', { graph: echo })] });
const template = Template.fromStack(stack);
const paths = pathsOf(template);

/** What the gateway passes on to a function. */
const passedOn = methodsOf(template)
  .filter(({ Properties }) => Properties.Integration.Type === 'AWS_PROXY')
  .map(({ Properties }): [method: string, resource: string] => [
    Properties.HttpMethod,
    paths.get(Properties.ResourceId.Ref)!,
  ]);

const handler = serve(echo, { config: { bindings: {} }, onRunEnd: () => {} });

const RUN = { text: 'hello' };
const CHAT = { model: 'echo', messages: [{ role: 'user', content: 'hello' }] };
const PING = { jsonrpc: '2.0', id: 1, method: 'ping' };

/** What is sent to each of them, what its proxy part matches, and the status of the answer. */
const REQUESTS: Readonly<
  Record<string, { readonly proxy?: string; readonly body?: unknown; readonly status: number }>
> = {
  'GET /agents/echo': { status: 200 },
  'POST /agents/echo/runs': { body: RUN, status: 200 },
  'GET /agents/echo/v1/{proxy+}': { proxy: 'models/echo', status: 200 },
  'POST /agents/echo/v1/{proxy+}': { proxy: 'chat/completions', body: CHAT, status: 200 },
  'GET /agents/echo/mcp': { status: 405 },
  'POST /agents/echo/mcp': { body: PING, status: 200 },
};

test.each(['', '/v1'])('the function answers what the API passes on, behind the base path "%s"', async (base) => {
  expect(passedOn.map(([method, resource]) => `${method} ${resource}`).sort()).toEqual(Object.keys(REQUESTS).sort());
  for (const [method, resource] of passedOn) {
    const { proxy, body, status } = REQUESTS[`${method} ${resource}`]!;
    const path = base + resource.replace('{proxy+}', proxy ?? '');
    const request = eventOf({ method, path, headers: { 'content-type': 'application/json' }, body });
    const event = { ...request, resource, pathParameters: proxy === undefined ? null : { proxy } };
    expect(await handler(event, contextOf())).toMatchObject({ statusCode: status });
  }
});
