import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnWaitConditionHandle } from 'aws-cdk-lib/aws-cloudformation';
import { z } from 'zod';
import { graph } from '../../../core/graph';
import { Agent } from '../../../lib/agent/agent';
import { AgentApi, type AgentApiProps } from '../../../lib/agent/agent-api';
import { ApiAuthorization } from '../../../lib/agent/api-authorization';

const agentsIn = (stack: Stack, count: number) =>
  Array.from({ length: count }, (_, index) => {
    const name = `agent${index}`;
    const echo = graph(name, { input: z.object({ text: z.string() }) })
      .compute('said', [], ({ input }) => input.text)
      .output(['said'], ({ said }) => said);
    const functionArn = `arn:aws:lambda:us-east-1:111122223333:function:${name}`;
    return Agent.fromAgentAttributes(stack, name, { graph: echo, functionArn });
  });

const tenants = Array.from({ length: 60 }, (_, index) => ({
  name: `tenant${index}`,
  throttling: { rateLimit: 1, burstLimit: 1 },
}));

const newStack = () => new Stack(new App(), 'Front', { env: { account: '111122223333', region: 'us-east-1' } });

const resourcesWith = (count: number, props: Partial<AgentApiProps> = {}): number => {
  const stack = newStack();
  new AgentApi(stack, 'Api', { agents: agentsIn(stack, count), ...props });
  return Object.keys(Template.fromStack(stack).toJSON().Resources).length;
};

function refusalOf(build: (stack: Stack) => void): string {
  const stack = newStack();
  build(stack);
  try {
    Template.fromStack(stack);
  } catch (error) {
    return String(error);
  }
  return 'none';
}

test.each<[string, Partial<AgentApiProps>, each: number]>([
  ['', {}, 13],
  [' with CORS', { corsOrigin: '*' }, 17],
])('an agent takes as many resources of an API%s as the docs say', (_, props, each) => {
  expect(resourcesWith(2, props) - resourcesWith(1, props)).toBe(each);
});

test.each<[string, Partial<AgentApiProps>, most: number]>([
  ['', {}, 37],
  [' with CORS', { corsOrigin: '*' }, 28],
  [' of sixty tenants', { authorization: ApiAuthorization.apiKeys({ tenants }) }, 23],
])('an API%s that no stack holds says how many agents one does', (_, props, most) => {
  const refusal = (count: number) =>
    refusalOf((stack) => new AgentApi(stack, 'Api', { agents: agentsIn(stack, count), ...props }));
  expect(refusal(most)).toBe('none');
  expect(refusal(most + 1)).toMatch(
    new RegExp(
      `agents: make stack "Front" have \\d+ resources, \\d+ of them for this API, and CloudFormation takes 500: ` +
        `spread the agents over several APIs, each in a stack of its own with at most ${most} of them \\[api/too-many-agents\\]`,
    ),
  );
});

describe('a stack that is full with an API', () => {
  const fill = (stack: Stack, count: number) => {
    for (let index = 0; index < count; index++) new CfnWaitConditionHandle(stack, `Other${index}`);
  };

  test('is told to make it elsewhere, where it then fits', () => {
    const refusal = refusalOf((stack) => {
      fill(stack, 450);
      new AgentApi(stack, 'Api', { agents: agentsIn(stack, 10) });
    });
    expect(refusal).toContain(
      `make the API in a stack of its own, as in new AgentApi(new NestedStack(stack, 'Front'), id, { agents }) [api/too-many-agents]`,
    );
    const moved = refusalOf((stack) => {
      fill(stack, 450);
      new AgentApi(new NestedStack(stack, 'Front'), 'Api', { agents: agentsIn(stack, 10) });
    });
    expect(moved).toBe('none');
  });

  test('is not told so where that would not help', () => {
    const refusal = refusalOf((stack) => {
      fill(stack, 501);
      new AgentApi(stack, 'Api', { agents: agentsIn(stack, 1) });
    });
    expect(refusal).not.toContain('api/too-many-agents');
    expect(refusal).toContain('500');
  });
});
