import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { CfnEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import type { BackendBinding, Binding, Bindings } from '../../../core/graph/binding';
import { PRICES_AS_OF, sourceText } from '../../../core/serving/prices-as-of';
import { readConfig } from '../../../lambda/orchestrator/config';
import { AgentConfig } from '../../../lib/agent/private/agent-config';
import { ConfigurationError } from '../../../lib/errors';
import { Service, useAws } from '../../lambda/backends/service';
import { secretStore } from '../../lambda/orchestrator/secret-store';
import { type CloudFormationTemplate, referenceOf, resolveTemplate } from '../../support/resolve-template';

/** What an endpoint can be named at most. */
const LONGEST_NAME = 'E'.repeat(63);

interface Deployed {
  readonly template: Template;
  /** What the function finds in its environment. */
  readonly variable: string;
  /** Texts of secrets, by ARN. */
  readonly secrets: Readonly<Record<string, string>>;
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
  const json: CloudFormationTemplate = template.toJSON() as never;
  const resources = Object.entries(resolveTemplate(json).Resources);
  const ofType = (type: string) => resources.filter(([, { Type }]) => Type === type);
  const variables = ofType('AWS::Lambda::Function')[0]![1].Properties.Environment.Variables;
  return {
    template,
    variable: variables.COMPOUND_CONFIG,
    environmentBytes: Buffer.byteLength(JSON.stringify(variables)),
    secrets: Object.fromEntries(
      ofType('AWS::SecretsManager::Secret').map(([id, { Properties }]) => [
        referenceOf(id, json),
        Properties.SecretString,
      ]),
    ),
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
  template.resourceCountIs('AWS::SecretsManager::Secret', 0);
  template.resourceCountIs('AWS::IAM::Policy', 0);
});

/** Secrets as they hold what was deployed, the last one first. */
const storeOf = (...deployments: readonly Deployed[]) =>
  secretStore(
    Object.fromEntries(
      Object.keys(deployments[0]!.secrets).map((arn) => [
        arn,
        deployments.flatMap(({ secrets }) => secrets[arn] ?? []),
      ]),
    ),
  );

/** The secret that a variable names, and the revision. */
const partsOf = (variable: string) => /^secret:([^#]+)#([0-9a-f]{12})$/.exec(variable)!.slice(1) as [string, string];

const bindingElsewhere = (endpoint: CfnEndpoint): Bindings => {
  const bindings = onEndpoint(200)(endpoint);
  return { ...bindings, 'component-7': { ...bindings['component-7']!, region: 'eu-central-1' } as Binding };
};

describe('200 components', () => {
  let config: Deployed;
  let service: Service;

  beforeAll(async () => {
    config = deploy(onEndpoint(200));
    service = await Service.start();
    useAws(service, 'AWS_ENDPOINT_URL_SECRETS_MANAGER');
  });

  afterAll(() => service.stop());

  test('go to one secret', () => {
    expect(Object.keys(config.secrets)).toEqual([partsOf(config.variable)[0]]);
  });

  test('are read back by the runtime as they were bound', async () => {
    service.replies(storeOf(config));
    await expect(readConfig(config.variable)).resolves.toMatchObject({ bindings: deployed(200), deadlineMs: 20_000 });
  });

  test('may be read by the function, and no other secret may', () => {
    const [secret] = Object.keys(config.template.findResources('AWS::SecretsManager::Secret'));
    config.template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [{ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: { Ref: secret } }],
      },
    });
  });

  test('are there, and may be read, before a function reads them', () => {
    const [secret] = Object.keys(config.template.findResources('AWS::SecretsManager::Secret'));
    const [policy] = Object.keys(config.template.findResources('AWS::IAM::Policy'));
    const [fn] = Object.values(config.template.findResources('AWS::Lambda::Function'));
    expect(fn!.DependsOn).toContain(policy);
    expect(JSON.stringify(fn!.Properties.Environment)).toContain(JSON.stringify({ Ref: secret }));
  });

  test('stay readable for the function of before while a deployment changes one', async () => {
    const changed = deploy(bindingElsewhere);
    expect(partsOf(config.variable)[0]).toBe(partsOf(changed.variable)[0]);
    service.replies(storeOf(changed, config));
    await expect(readConfig(config.variable)).resolves.toMatchObject({ bindings: deployed(200) });
    await expect(readConfig(changed.variable)).resolves.toMatchObject({
      bindings: { 'component-7': { region: 'eu-central-1' } },
    });
  });

  test('change the environment of the function with any of them, and leave it as it is with none', () => {
    expect(deploy(bindingElsewhere).variable).not.toBe(config.variable);
    expect(deploy(onEndpoint(200)).variable).toBe(config.variable);
  });
});

/** A component of a fleet whose names are as long as names can be, and whose price comes from the list. */
const onFleet = (name: string): BackendBinding => ({
  type: 'sagemaker',
  endpointName: LONGEST_NAME.toLowerCase(),
  inferenceComponentName: name.padEnd(63, 'c'),
  price: { perCopyHourUsd: 5.752 / 4, concurrencyPerCopy: 16, source: sourceText(PRICES_AS_OF.instances) },
});

describe.each<[what: string, binding: (index: number) => Binding, secrets: number]>([
  ['components', (index) => onFleet(`component-${index}-`), 2],
  [
    'components on two fleets',
    (index) => ({ type: 'spillover', alternatives: [onFleet(`first-${index}-`), onFleet(`second-${index}-`)] }),
    3,
  ],
])('200 %s with the longest names, priced by the list', (_, binding, secrets) => {
  const bindings = components(200, binding);
  const config = deploy(() => bindings);
  let service: Service;

  beforeAll(async () => {
    service = await Service.start();
    useAws(service, 'AWS_ENDPOINT_URL_SECRETS_MANAGER');
  });

  afterAll(() => service.stop());

  test('go to as many secrets as hold them', () => {
    const sizes = Object.values(config.secrets).map((text) => Buffer.byteLength(text));
    expect(sizes).toHaveLength(secrets);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(65_536);
  });

  test('are read back by the runtime as they were bound', async () => {
    service.replies(storeOf(config));
    await expect(readConfig(config.variable)).resolves.toMatchObject({ bindings, deadlineMs: 20_000 });
    expect(service.received).toHaveLength(secrets);
  });

  test('may be read by the function, each by a policy of its own, which goes with it', () => {
    const made = Object.keys(config.template.findResources('AWS::SecretsManager::Secret'));
    const policies = config.template.findResources('AWS::IAM::Policy');
    expect(Object.values(policies).map(({ Properties }) => Properties.PolicyDocument.Statement)).toEqual(
      made.map((Ref) => [{ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: { Ref } }]),
    );
    const [fn] = Object.values(config.template.findResources('AWS::Lambda::Function'));
    expect(fn!.DependsOn).toEqual(expect.arrayContaining(Object.keys(policies)));
  });

  test('stay readable for the function of before while a deployment takes one away', async () => {
    const { 'component-7': _taken, ...left } = bindings;
    const changed = deploy(() => left);
    service.replies(storeOf(changed, config));
    await expect(readConfig(config.variable)).resolves.toMatchObject({ bindings });
    const { bindings: read } = await readConfig(changed.variable);
    expect(read).toEqual(left);
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
  expect(variable).toMatch(/^secret:/);
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
          'takes 4115 bytes with COMPOUND_CONFIG, and Lambda has 4096 for all variables: keep long values elsewhere, such as in SSM or S3',
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

const withHeader = (bytes: number): Binding => ({
  type: 'http',
  url: 'https://llm.example.com',
  headers: { 'x-tenants': 'x'.repeat(bytes) },
});

test('what no secret can hold is refused', () => {
  const bindings = { search: withHeader(30_000), writer: withHeader(66_000), judge: withHeader(400) };
  expect(() => deploy(() => bindings)).toThrow(
    new ConfigurationError('Shop/Config', [
      {
        id: 'agent/configuration-too-large',
        field: 'bindings.writer.headers.x-tenants',
        message: "takes 66052 bytes of the function's configuration, and a secret holds 64291: make it smaller",
      },
    ]),
  );
});

test('what secrets can just hold goes there, however long the names that are known only at deployment may become', () => {
  const { variable, secrets } = deploy(({ ref }) => ({
    ...components(100, () => ({ type: 'http', url: 'https://llm.example.com', secret: { secretId: ref } })),
    writer: withHeader(40_000),
  }));
  expect(variable).toMatch(/^secret:/);
  expect(Object.keys(secrets)).toHaveLength(2);
});
