import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { App, Duration, Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { graph, model, type Price, tool } from 'cdk-compound-inference/graph';
import * as z from 'zod';
import { Agent, AgentApi, type AgentProps, ConfigurationError, type IComponent, Spillover } from '../../../lib';
import { faultsOf } from '../support/faults-of';
import { echo, otherEcho, unserved } from './fixtures/echo';
import { quiet, teller } from './fixtures/streaming';

const any = z.object({});
const planner = model('planner');
const writer = model('writer');
const search = tool('search', { input: any, output: any });

const support = graph('support', { input: z.object({ question: z.string() }) })
  .node('plan', { call: planner, input: ({ input }) => input.question })
  .node('found', ['plan'], { call: search, input: () => ({}) })
  .node('shortcut', { call: search, input: () => ({}), optional: true })
  .node('answer', ['found', 'shortcut'], { call: writer, input: () => 'Answer' })
  .output(({ answer }) => answer.text);

/** A backend of the user's own: one permission and an HTTP service. */
const service = (url: string): IComponent => ({
  bind: ({ grantee }) => {
    permit(grantee, `arn:aws:test:::${new URL(url).host}`);
    return { type: 'http', url };
  },
});

function permit(grantee: IGrantable, resource: string) {
  grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions: ['test:Call'], resources: [resource] }));
}

const components = {
  planner: service('https://planner.example'),
  writer: service('https://writer.example'),
  search: service('https://search.example'),
};
const code = Code.fromInline('exports.handler = async () => ({});');

function stack() {
  return new Stack(new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true } }), 'Test');
}

function templateWith(props: Partial<AgentProps<typeof support>> = {}): Template {
  const scope = stack();
  new Agent(scope, 'Support', { graph: support, code, components, ...props });
  return Template.fromStack(scope);
}

describe('the function of an agent', () => {
  test('runs on arm64 with Node 24, is traced, and outlives the deadline of its runs', () => {
    templateWith({ deadline: Duration.seconds(20) }).hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: 1024,
      Timeout: 22,
      TracingConfig: { Mode: 'Active' },
    });
  });

  test('logs into a group that keeps a month and goes with the stack', () => {
    const template = templateWith();
    template.hasResource('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 30 }, DeletionPolicy: 'Delete' });
    template.hasResourceProperties('AWS::Lambda::Function', {
      LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp('SupportLogs') } },
    });
  });

  test('may do what its bindings permit, trace, and nothing else', () => {
    const policies = Object.values(templateWith().findResources('AWS::IAM::Policy'));
    const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    expect(statements).toEqual([
      { Effect: 'Allow', Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], Resource: '*' },
      { Effect: 'Allow', Action: 'test:Call', Resource: 'arn:aws:test:::planner.example' },
      { Effect: 'Allow', Action: 'test:Call', Resource: 'arn:aws:test:::search.example' },
      { Effect: 'Allow', Action: 'test:Call', Resource: 'arn:aws:test:::writer.example' },
    ]);
  });

  test('is told where each component runs, and the deadline', () => {
    const [found] = Object.values(templateWith().findResources('AWS::Lambda::Function'));
    expect(JSON.parse(found!.Properties.Environment.Variables.COMPOUND_CONFIG)).toEqual({
      bindings: {
        planner: { type: 'http', url: 'https://planner.example' },
        writer: { type: 'http', url: 'https://writer.example' },
        search: { type: 'http', url: 'https://search.example' },
      },
      deadlineMs: 28_000,
    });
  });

  test('takes memory, concurrency, variables and a VPC', () => {
    const scope = stack();
    const vpc = new Vpc(scope, 'Vpc');
    new Agent(scope, 'Support', {
      graph: support,
      code,
      components,
      memorySize: 2048,
      reservedConcurrentExecutions: 50,
      environment: { TABLE: 'tickets' },
      vpc,
    });
    Template.fromStack(scope).hasResourceProperties('AWS::Lambda::Function', {
      MemorySize: 2048,
      ReservedConcurrentExecutions: 50,
      Environment: { Variables: { TABLE: 'tickets', COMPOUND_CONFIG: Match.anyValue() } },
      VpcConfig: { SubnetIds: Match.anyValue(), SecurityGroupIds: [Match.anyValue()] },
    });
  });

  test('gives each component a scope of its own for what its binding needs', () => {
    const paths: string[] = [];
    const recording: IComponent = {
      bind: ({ scope }) => {
        paths.push(scope.node.path);
        return { type: 'lambda', functionName: 'f' };
      },
    };
    templateWith({ components: { planner: recording, writer: recording, search: recording } });
    expect(paths).toEqual(['planner', 'search', 'writer'].map((name) => `Test/Support/Components/${name}`));
  });
});

describe('an agent refuses, at synthesis', () => {
  test.each<[string, Partial<AgentProps<typeof support>>, string, string]>([
    [
      'a component that is not bound',
      { components: { planner: components.planner, writer: components.writer } as never },
      'agent/component-unbound',
      'components.search: must say where the component runs, got: nothing',
    ],
    [
      'what is no component',
      { components: { ...components, search: 'search-function' as never } },
      'agent/component-unbound',
      'components.search: must say where the component runs, got: "string"',
    ],
    [
      'a binding that the graph has no use for',
      { components: { ...components, judge: components.writer } as never },
      'agent/component-unknown',
      'components.judge: graph "support" calls no such component: it calls planner, search, writer; leave it out',
    ],
    [
      'neither an entry nor code',
      { code: undefined },
      'agent/code',
      'entry: give either the module of the agent or, bundled already, its "code"',
    ],
    [
      'a deadline beyond what a function may run',
      { deadline: Duration.minutes(15) },
      'agent/deadline-range',
      'deadline: must be above 0 and at most 898 s, got: 900000 ms',
    ],
    [
      'too little memory',
      { memorySize: 64 },
      'agent/memory-range',
      'memorySize: must be a whole number of MiB from 128 to 10240, got: 64',
    ],
    [
      'the variable that it sets itself',
      { environment: { COMPOUND_CONFIG: '{}' } },
      'agent/reserved-variable',
      'environment.COMPOUND_CONFIG: is set by the agent itself: leave it out',
    ],
    [
      'an objective that runs cannot miss',
      { objective: { p95: Duration.seconds(28) } },
      'agent/objective-above-deadline',
      'objective.p95: must be below the deadline, at which runs end anyway (28000 ms), got: 28000 ms',
    ],
    [
      'a deadline that only the deployment knows',
      { deadline: Duration.seconds(Token.asNumber({ Ref: 'Deadline' })) },
      'agent/unknown-duration',
      'deadline: must be known at synthesis, since the timeout of the function follows from it',
    ],
    [
      'an objective that only the deployment knows',
      { objective: { p95: Duration.millis(Token.asNumber({ Ref: 'Objective' })) } },
      'agent/unknown-duration',
      'objective.p95: must be known at synthesis, since it is checked against the graph',
    ],
    [
      'an objective below what the longest path takes with every component warm',
      {
        objective: {
          p95: Duration.seconds(3),
          warmLatencies: { planner: Duration.seconds(1), search: Duration.millis(200), writer: Duration.seconds(2) },
        },
      },
      'agent/objective-unreachable',
      'objective.p95: must be at least the 3200 ms that plan → found → answer takes with every component warm, which no scaling makes less: ' +
        'raise it, make that path shorter, or correct warmLatencies, got: 3000 ms',
    ],
    [
      'a warm latency of a component that it does not call',
      { objective: { p95: Duration.seconds(3), warmLatencies: { judge: Duration.seconds(1) } } },
      'agent/component-unknown',
      'objective.warmLatencies.judge: graph "support" calls no such component: it calls planner, search, writer; leave it out',
    ],
  ])('%s', (_, props, id, line) => {
    const faults = faultsOf(() => templateWith(props));
    expect(faults.map((fault) => [fault.id, `${fault.field}: ${fault.message}`])).toEqual([[id, line]]);
  });

  test('a module that does not exist', () => {
    const faults = faultsOf(() => new Agent(stack(), 'A', { graph: support, entry: 'no/such.ts', components }));
    expect(faults).toMatchObject([
      { id: 'agent/entry-missing', message: expect.stringMatching(/no\/such\.ts: paths are/) },
    ]);
  });

  test('all that its bindings refuse, in one error', () => {
    const refusing: IComponent = {
      bind: ({ scope, component }) => {
        throw new ConfigurationError(scope.node.path, [
          { id: 'test/no', field: 'format', message: `no ${component.kind}` },
        ]);
      },
    };
    expect(() =>
      templateWith({ components: { planner: refusing, writer: components.writer, search: refusing } }),
    ).toThrow(
      new ConfigurationError('Test/Support', [
        { id: 'test/no', field: 'components.planner.format', message: 'no model' },
        { id: 'test/no', field: 'components.search.format', message: 'no tool' },
      ]),
    );
  });
});

test('an agent of another app can stand behind an API', () => {
  const scope = stack();
  const functionArn = 'arn:aws:lambda:us-east-1:111122223333:function:support';
  const agent = Agent.fromAgentAttributes(scope, 'Support', { graph: support, functionArn });
  new AgentApi(scope, 'Api', { agents: [agent] });
  const template = Template.fromStack(scope);
  template.hasResourceProperties('AWS::Lambda::Permission', { FunctionName: functionArn });
  template.resourceCountIs('AWS::Lambda::Function', 0);
});

test('the timeout of the function is in whole seconds, beyond the deadline', () => {
  templateWith({ deadline: Duration.millis(2_500) }).hasResourceProperties('AWS::Lambda::Function', { Timeout: 5 });
});

describe('a budget for runs of models that have no price', () => {
  const priced = (price: Price | undefined): IComponent => ({
    bind: () => ({ type: 'bedrock', modelId: 'amazon.nova-lite-v1:0', ...(price && { price }) }),
  });
  const free = priced(undefined);
  const tokens = priced({ perMillionInputTokensUsd: 1 });

  function stackOf(options: object, bound: Partial<typeof components>): Stack {
    const scope = stack();
    const limited = graph('limited', { input: any, ...options })
      .node('found', { call: search, input: () => ({}) })
      .node('plan', ['found'], { call: planner, input: () => 'Plan' })
      .node('answer', ['plan'], { call: writer, input: () => 'Answer' })
      .output(({ answer }) => answer.text);
    new Agent(scope, 'Limited', { graph: limited, code, components: { ...components, ...bound } });
    return scope;
  }

  const warnings = (scope: Stack) =>
    Annotations.fromStack(scope).findWarning('*', Match.stringLikeRegexp('unpriced-budget'));

  test('is a warning that names them', () => {
    const scope = stackOf({ budgetUsd: 0.5 }, { planner: Spillover.of([tokens, free]), writer: free });
    expect(warnings(scope).map(({ entry }) => entry.data)).toEqual([
      'no price is known for the calls of components.planner.alternatives[1], components.writer, so that they count as free and ' +
        'no budget of graph "limited" stops them: give each a price, as in { price: { perMillionInputTokensUsd: 0.8, ' +
        'perMillionOutputTokensUsd: 3.2 } }, or { price: { perCallUsd: 0 } } if they are free ' +
        '[ack: cdk-compound-inference:agent/unpriced-budget]',
    ]);
  });

  test.each<Price>([{}, { source: 'a contract' }])('is a warning where the price has no amount: %j', (price) => {
    expect(warnings(stackOf({ budgetUsd: 0.5 }, { planner: tokens, writer: priced(price) }))).toHaveLength(1);
  });

  test.each<Price>([{ perMillionOutputTokensUsd: 1 }, { perCopyHourUsd: 0 }])(
    'is none where the price has any amount: %j',
    (price) => {
      expect(warnings(stackOf({ budgetUsd: 0.5 }, { planner: tokens, writer: priced(price) }))).toEqual([]);
    },
  );

  test('is a warning of plans with a budget, too', () => {
    const scope = stack();
    const planned = graph('planned', { input: any })
      .plan('research', { call: planner, tools: [search], input: () => 'Find out', limits: { costUsd: 1 } })
      .output(() => 0);
    new Agent(scope, 'Planned', { graph: planned, code, components: { planner: free, search: components.search } });
    expect(warnings(scope)).toHaveLength(1);
  });

  test.each<[string, object, Partial<typeof components>]>([
    ['every model has a price', { budgetUsd: 0.5 }, { planner: tokens, writer: priced({ perCallUsd: 0 }) }],
    ['there is no budget', {}, { planner: free, writer: free }],
  ])('is none if %s', (_, options, bound) => {
    expect(warnings(stackOf(options, bound))).toEqual([]);
  });
});

test('node limits that the deadline of runs always cuts short are a warning', () => {
  const patient = graph('patient', { input: any })
    .node('answer', { call: writer, input: () => 'Answer', timeout: { nodeMs: 90_000 } })
    .output(({ answer }) => answer.text);
  const scope = stack();
  new Agent(scope, 'Patient', { graph: patient, code, components: { writer: components.writer } });
  Annotations.fromStack(scope).hasWarning(
    '/Test/Patient',
    Match.stringLikeRegexp(
      'runs end after 28000 ms, before the time limits of nodes: answer \\(90000 ms\\).*agent/timeout-order',
    ),
  );
});

test('a second set of alarms of an API is asked for by its class', () => {
  const scope = stack();
  const api = new AgentApi(scope, 'Api', {
    agents: [new Agent(scope, 'Support', { graph: support, code, components })],
  });
  api.alarms();
  expect(faultsOf(() => api.alarms())).toMatchObject([{ id: 'api/alarms-twice', field: 'alarms' }]);
});

test.each([
  ['dashboard', 'agent/dashboard-twice'],
  ['alarms', 'agent/alarms-twice'],
] as const)('a second %s of an agent is asked for by its class', (method, id) => {
  const agent = new Agent(stack(), 'Support', { graph: support, code, components });
  agent[method]();
  expect(faultsOf(() => agent[method]())).toEqual([
    {
      id,
      field: method,
      message: expect.stringMatching(/^was called already: keep what it returned, or use new Agent/),
    },
  ]);
});

describe('the bundle of an entry', () => {
  const fixture = (name: string) => join(__dirname, 'fixtures', `${name}.ts`);
  const bundling = { conditions: ['source'] };
  const { writer } = components;

  test('is one CommonJS file that serves the graph, with the SDK and without the CDK', () => {
    const app = new App();
    const scope = new Stack(app, 'Test');
    new Agent(scope, 'Echo', {
      graph: echo,
      entry: fixture('echo'),
      bundling,
      components: { writer: components.writer },
    });
    const [found] = Object.values(Template.fromStack(scope).findResources('AWS::Lambda::Function'));
    const hash = (found!.Properties.Code.S3Key as string).replace('.zip', '');
    const bundle = readFileSync(join(app.outdir, `asset.${hash}`, 'index.js'), 'utf8');
    expect(bundle.length).toBeLessThan(1_100_000);
    expect(bundle).toContain('InvokeEndpoint');
    expect(bundle).not.toContain('aws-cdk-lib');
  });

  test.each([
    ['no-handler', echo, 'agent/entry-handler', /no-handler\.ts exports no function "handler": export serve\(\.\.\.\)/],
    ['throws', echo, 'agent/entry-load', /throws\.ts cannot be loaded as Lambda would load it: TABLE is not set$/],
    ['echo', unserved, 'agent/entry-graph', /echo\.ts serves "echo", not the graph "unserved"$/],
    ['echo', otherEcho, 'agent/entry-graph', /echo\.ts serves another graph named "echo" than the one given: pass/],
    ['broken', echo, 'agent/entry-bundle', /broken\.ts:2:\d+: ERROR: Could not resolve "\.\/nowhere"/],
  ])('must serve the graph of the agent: %s', (name, served, id, message) => {
    const make = () =>
      new Agent(stack(), 'Echo', { graph: served, entry: fixture(name), bundling, components: { writer } });
    expect(faultsOf(make)).toEqual([{ id, field: 'entry', message: expect.stringMatching(message) }]);
  });

  test.each([
    ['streaming', quiet, /streaming\.ts streams, and the graph "quiet" does not: serve it in a module of its own/],
    ['muted', teller, /graph "teller" streams story, and the handler of .*muted\.ts does not: export serve\(\.\.\.\)/],
  ])('must stream if the graph does, since an API takes one or the other: %s', (name, served, message) => {
    const make = () =>
      new Agent(stack(), 'Told', { graph: served, entry: fixture(name), bundling, components: { writer } });
    expect(faultsOf(make)).toEqual([
      { id: 'agent/entry-stream', field: 'entry', message: expect.stringMatching(message) },
    ]);
  });

  test('is looked at with the variables of the function, and nothing else of this process', () => {
    const props = { graph: echo, entry: fixture('throws'), bundling, components: { writer } };
    process.env.TABLE = 'of this process';
    expect(faultsOf(() => new Agent(stack(), 'Echo', props))).toMatchObject([{ id: 'agent/entry-load' }]);
    delete process.env.TABLE;
    expect(faultsOf(() => new Agent(stack(), 'Echo', { ...props, environment: { TABLE: 'tickets' } }))).toEqual([]);
  });

  test('may leave out what a layer brings', () => {
    const external = { ...bundling, externalModules: ['in-a-layer'] };
    const props = { graph: echo, entry: fixture('layered'), components: { writer } };
    expect(faultsOf(() => new Agent(stack(), 'Echo', { ...props, bundling: external }))).toEqual([]);
  });

  test('is there as long as the template refers to it where assets are not staged', () => {
    const app = new App({ context: { 'aws:cdk:disable-asset-staging': true } });
    const scope = new Stack(app, 'Test');
    new Agent(scope, 'Echo', { graph: echo, entry: fixture('echo'), bundling, components: { writer } });
    const { directory } = app.synth();
    const { files } = JSON.parse(readFileSync(join(directory, 'Test.assets.json'), 'utf8'));
    const sources: { packaging: string; path: string }[] = Object.values<any>(files).map(({ source }) => source);
    const folder = sources.find(({ packaging }) => packaging === 'zip')!.path;
    expect(readdirSync(folder)).toContain('index.js');
    rmSync(folder, { recursive: true });
  });

  test('may have files beside it', () => {
    const withFiles = { ...bundling, loader: { '.md': 'file' } };
    const props = { graph: echo, entry: fixture('with-prompt'), bundling: withFiles, components: { writer } };
    expect(faultsOf(() => new Agent(stack(), 'Echo', props))).toEqual([]);
  });

  test('may wrap its handler', () => {
    const make = () =>
      new Agent(stack(), 'Echo', {
        graph: echo,
        entry: fixture('wrapped'),
        bundling,
        components: { writer: components.writer },
      });
    expect(make).not.toThrow();
  });

  test('is left out where the app asks for no bundling, as for "cdk list"', () => {
    const scope = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'Test');
    const make = () =>
      new Agent(scope, 'Echo', {
        graph: echo,
        entry: fixture('no-handler'),
        components: { writer: components.writer },
      });
    expect(make).not.toThrow();
  });
});
