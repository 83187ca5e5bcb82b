import { App, CfnParameter, Stack } from 'aws-cdk-lib';
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
  /** What Lambda measures of the environment. */
  readonly environmentBytes: number;
}

/** The configuration of a function, as CloudFormation deploys it. */
function deploy(
  bindingsFor: (endpoint: CfnEndpoint) => Bindings,
  reserved: Readonly<Record<string, string>> = {},
): Deployed {
  const stack = new Stack(new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true } }), 'Shop');
  const endpoint = new CfnEndpoint(stack, 'Endpoint', { endpointConfigName: 'config' });
  endpoint.overrideLogicalId(LONGEST_NAME);
  const fn = new LambdaFunction(stack, 'Function', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = () => {};'),
    environment: reserved,
  });
  const config = new AgentConfig(stack, 'Config', { bindings: bindingsFor(endpoint), deadlineMs: 20_000, reserved });
  for (const [name, value] of Object.entries(config.environment)) fn.addEnvironment(name, value);
  config.grantRead(fn);

  const template = Template.fromStack(stack);
  const resources = Object.values(resolveTemplate(template.toJSON() as never).Resources);
  const ofType = (type: string) => resources.filter(({ Type }) => Type === type).map(({ Properties }) => Properties);
  const variables = ofType('AWS::Lambda::Function')[0].Environment.Variables;
  return {
    template,
    variable: variables.COMPOUND_CONFIG,
    environmentBytes: Buffer.byteLength(JSON.stringify(variables)),
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

  test('are named in the environment by a path of the agent alone, and by how many they are', () => {
    expect(config.variable).toMatch(/^ssm:\/compound\/Shop-Config-[0-9A-F]{8}\/[0-9a-f]{12}\/#10$/);
  });

  test('may be read by the function with those of other deployments, and nothing beside them', () => {
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
                  `:parameter${path}/*`,
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

  test('stay as they are beside those of a deployment that changes one, until no function reads them', async () => {
    const changed = deploy((endpoint) => {
      const bindings = onEndpoint(200)(endpoint);
      return { ...bindings, 'component-7': { ...bindings['component-7']!, region: 'eu-central-1' } as Binding };
    });
    service.replies(parameterStore({ ...config.parameters, ...changed.parameters }));
    await expect(readConfig(config.variable)).resolves.toEqual({ bindings: deployed(200), deadlineMs: 20_000 });
    await expect(readConfig(changed.variable)).resolves.toMatchObject({
      bindings: { 'component-7': { region: 'eu-central-1' } },
    });
  });

  test('have the same names as long as nothing changes', () => {
    expect(deploy(onEndpoint(200)).parameters).toEqual(config.parameters);
  });
});

test.each<[what: string, binding: (endpoint: CfnEndpoint) => Binding, most: number]>([
  [
    'names',
    ({ attrEndpointName: name }) => ({ type: 'sagemaker', endpointName: name, inferenceComponentName: name }),
    13,
  ],
  ['ARNs', ({ ref }) => ({ type: 'bedrock', modelId: ref }), 13],
  ['functions', ({ ref }) => ({ type: 'lambda', functionName: ref }), 9],
  ['secrets', ({ ref }) => ({ type: 'http', url: 'https://llm.example.com', secret: { secretId: ref } }), 4],
])('what is known only at deployment counts as long as it may become: %s', (_, binding, most) => {
  const isInline = (count: number) =>
    deploy((endpoint) => components(count, () => binding(endpoint))).variable.startsWith('{');
  expect([isInline(most), isInline(most + 1)]).toEqual([true, false]);
});

test('what the nodes of the graph read counts as well', () => {
  const { variable, environmentBytes } = deploy(onEndpoint(8), { PROMPT: 'x'.repeat(3_000) });
  expect(variable).toMatch(/^ssm:/);
  expect(environmentBytes).toBeLessThan(4_096);
  expect(deploy(onEndpoint(3), { PROMPT: 'x'.repeat(1_800) }).variable).toMatch(/^{/);
});

test('variables that leave no room are refused', () => {
  const { valueAsString: late } = new CfnParameter(new Stack(), 'Late');
  expect(() => deploy(onEndpoint(1), { PROMPT: 'x'.repeat(4_050), TABLE: late })).toThrow(
    new ConfigurationError('Shop/Config', [
      {
        id: 'agent/environment-too-large',
        field: 'environment',
        message:
          'takes 4145 bytes with COMPOUND_CONFIG, and Lambda has 4096 for all variables: keep long values elsewhere, such as in SSM or S3',
      },
    ]),
  );
});

test('a price may be known only at deployment', () => {
  const late = ({ stack }: CfnEndpoint) => new CfnParameter(stack, 'Price', { type: 'Number' }).valueAsNumber;
  const { template } = deploy((endpoint) => ({
    search: { type: 'lambda', functionName: 'search', price: { perCallUsd: late(endpoint) } },
  }));
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: {
        COMPOUND_CONFIG: {
          'Fn::Join': [
            '',
            [
              '{"deadlineMs":20000,"bindings":{"search":{"type":"lambda","functionName":"search","price":{"perCallUsd":',
              { Ref: 'Price' },
              '}}}}',
            ],
          ],
        },
      },
    },
  });
});

test('bindings that the runtime would refuse are refused, all at once', () => {
  const text = 'x'.repeat(4_096);
  const bindings = {
    search: { type: 'http', uri: 'https://x' },
    writer: { type: 'http', url: 'https://x', headers: { text } },
    judge: { type: 'http', url: 'https://x', headers: ['text'] },
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
      {
        id: 'agent/binding',
        field: 'components.judge',
        message: 'binding.headers must be an object of strings',
      },
    ]),
  );
});
