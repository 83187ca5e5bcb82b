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

test.each(['', '/v1'])('the function answers what the API passes on, behind the base path "%s"', async (base) => {
  expect(passedOn).toHaveLength(2);
  for (const [method, resource] of passedOn) {
    const request = { method, path: `${base}${resource}`, headers: { 'content-type': 'application/json' } };
    const event = { ...eventOf({ ...request, body: { text: 'hello' } }), resource, pathParameters: null };
    expect(await handler(event, contextOf())).toMatchObject({ statusCode: 200 });
  }
});
