import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { CfnEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import type { Binding, Bindings } from '../../../core/graph/binding';
import { readConfig } from '../../../lambda/orchestrator/config';
import { AgentConfig } from '../../../lib/agent/private/agent-config';
import { ConfigurationError } from '../../../lib/errors';
import { Service, useAws } from '../../lambda/backends/service';
import { parameterStore } from '../../lambda/orchestrator/parameter-store';
import { resolveTemplate } from '../../support/resolve-template';

/** What an endpoint can be named at most. */
const LONGEST_NAME = 'E'.repeat(63);

interface Deployed {
  readonly template: Template;
  /** What the function finds in its environment. */
  readonly variable: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The configuration of a function, as CloudFormation deploys it. */
function deploy(bindingsFor: (endpoint: CfnEndpoint) => Bindings): Deployed {
  const stack = new Stack(new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true } }), 'Shop');
  const endpoint = new CfnEndpoint(stack, 'Endpoint', { endpointConfigName: 'config' });
  endpoint.overrideLogicalId(LONGEST_NAME);
  const fn = new LambdaFunction(stack, 'Function', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = () => {};'),
  });
  const config = new AgentConfig(stack, 'Config', { bindings: bindingsFor(endpoint), deadlineMs: 20_000 });
  for (const [name, value] of Object.entries(config.environment)) fn.addEnvironment(name, value);
  config.grantRead(fn);

  const template = Template.fromStack(stack);
  const resources = Object.values(resolveTemplate(template.toJSON() as never).Resources);
  const ofType = (type: string) => resources.filter(({ Type }) => Type === type).map(({ Properties }) => Properties);
  return {
    template,
    variable: ofType('AWS::Lambda::Function')[0].Environment.Variables.COMPOUND_CONFIG,
    parameters: Object.fromEntries(ofType('AWS::SSM::Parameter').map(({ Name, Value }) => [Name, Value])),
  };
}

function components(count: number, binding: (index: number) => Binding): Bindings {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`component-${index}`, binding(index)]));
}

const onEndpoint = (count: number) => (endpoint: CfnEndpoint) =>
  components(count, (index) => ({
    type: 'sagemaker',
    endpointName: endpoint.attrEndpointName,
    inferenceComponentName: `component-${index}`,
    price: { perCallUsd: 0.001 },
  }));

const deployed = (count: number) =>
  components(count, (index) => ({
    type: 'sagemaker',
    endpointName: LONGEST_NAME.toLowerCase(),
    inferenceComponentName: `component-${index}`,
    price: { perCallUsd: 0.001 },
  }));

test('a few components fit into the environment, and need no permission', () => {
  const { template, variable } = deploy(onEndpoint(10));
  expect(readConfig(variable)).toEqual({ bindings: deployed(10), deadlineMs: 20_000 });
  expect(Buffer.byteLength(variable)).toBeLessThan(2_560);
  template.resourceCountIs('AWS::SSM::Parameter', 0);
  template.resourceCountIs('AWS::IAM::Policy', 0);
});

describe('200 components', () => {
  let config: Deployed;
  let service: Service;

  beforeAll(async () => {
    config = deploy(onEndpoint(200));
    service = await Service.start();
    useAws(service, 'AWS_ENDPOINT_URL_SSM');
  });

  afterAll(() => service.stop());

  test('go to parameters of the standard tier, which they fill', () => {
    const sizes = Object.values(config.parameters).map((value) => Buffer.byteLength(value));
    expect(sizes).toHaveLength(10);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4_096);
    expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThan(3_700);
    config.template.allResourcesProperties('AWS::SSM::Parameter', { Type: 'String', Tier: 'Standard' });
  });

  test('are read back by the runtime as they were bound', async () => {
    service.replies(parameterStore(config.parameters));
    await expect(readConfig(config.variable)).resolves.toEqual({ bindings: deployed(200), deadlineMs: 20_000 });
  });

  test('are named in the environment by a path of the agent alone', () => {
    expect(config.variable).toMatch(/^ssm:\/compound\/Shop-Config-[0-9A-F]{8}\/#[0-9a-f]{12}$/);
  });

  test('may be read by the function, and nothing beside them', () => {
    const [path] = /\/compound\/[\w-]+/.exec(config.variable)!;
    config.template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'ssm:GetParametersByPath',
            Resource: {
              'Fn::Join': [
                '',
                [
                  'arn:',
                  { Ref: 'AWS::Partition' },
                  ':ssm:',
                  { Ref: 'AWS::Region' },
                  ':',
                  { Ref: 'AWS::AccountId' },
                  `:parameter${path}`,
                ],
              ],
            },
          },
        ],
      },
    });
  });

  test('are there before a function reads them', () => {
    const [parameters, functions] = ['AWS::SSM::Parameter', 'AWS::Lambda::Function'].map((type) =>
      config.template.findResources(type),
    );
    const [fn] = Object.values(functions!);
    expect(fn!.DependsOn).toEqual(expect.arrayContaining(Object.keys(parameters!)));
  });

  test('change the environment when they change, under the same path', () => {
    const { variable } = deploy(onEndpoint(199));
    const [path, revision] = variable.split('#');
    const [formerPath, formerRevision] = config.variable.split('#');
    expect(path).toBe(formerPath);
    expect(revision).not.toBe(formerRevision);
    expect(deploy(onEndpoint(199)).variable).toBe(variable);
  });
});

test.each<[what: string, binding: (endpoint: CfnEndpoint) => Binding, most: number]>([
  [
    'names',
    ({ attrEndpointName: name }) => ({ type: 'sagemaker', endpointName: name, inferenceComponentName: name }),
    12,
  ],
  ['ARNs', ({ ref }) => ({ type: 'bedrock', modelId: ref }), 12],
  ['functions', ({ ref }) => ({ type: 'lambda', functionName: ref }), 8],
  ['secrets', ({ ref }) => ({ type: 'http', url: 'https://llm.example.com', secret: { secretId: ref } }), 3],
])('what is known only at deployment counts as long as it may become: %s', (_, binding, most) => {
  const isInline = (count: number) =>
    deploy((endpoint) => components(count, () => binding(endpoint))).variable.startsWith('{');
  expect([isInline(most), isInline(most + 1)]).toEqual([true, false]);
});

test('bindings that the runtime would refuse are refused, all at once', () => {
  const text = 'x'.repeat(4_096);
  const bindings = {
    search: { type: 'http', uri: 'https://x' },
    writer: { type: 'http', url: 'https://x', headers: { text } },
  } as unknown as Bindings;
  expect(() => deploy(() => bindings)).toThrow(
    new ConfigurationError('Shop/Config', [
      { id: 'agent/binding', field: 'components.search', message: 'binding.url must be a string' },
      {
        id: 'agent/binding',
        field: 'components.search',
        message: 'binding.uri is none of url, model, headers, secret, price',
      },
      {
        id: 'agent/binding-too-large',
        field: 'components.writer',
        message: 'has a binding of up to 4162 bytes, and an SSM parameter holds 4062: shorten its texts',
      },
    ]),
  );
});
