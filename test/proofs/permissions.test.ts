import type { Stack } from 'aws-cdk-lib';
import { handler as review } from '../../examples/code-review/agent';
import codeReviewSystem from '../../examples/code-review/local';
import { handler as research } from '../../examples/research-agent/agent';
import researchSystem from '../../examples/research-agent/local';
import { handler as support } from '../../examples/support-agent/agent';
import supportSystem from '../../examples/support-agent/local';
import { serve } from '../../lambda/orchestrator';
import { OutputOfProcess } from '../lambda/telemetry/output';
import { recordAgent } from './support/agent-calls';
import { EveryBindingStack, everyBinding, PROFILES } from './support/every-binding';
import { exampleApp } from './support/example-app';
import { deniedCalls, type IamCall, type Statement, unusedPermissions } from './support/iam';
import { recordImporter } from './support/importer-calls';
import { RecordingAws } from './support/recording-aws';
import { Deployed, type DeployedRole } from './support/roles';
import { fleetCalls, importCalls } from './support/service-calls';
import { recordTuner } from './support/tuner-calls';
import { recordWarmer } from './support/warmer-calls';

/** Policies of AWS that permit what Lambda or API Gateway does for a role's owner, not what our code calls. */
const MANAGED_POLICIES: Readonly<Record<string, string>> = {
  'service-role/AWSLambdaBasicExecutionRole': 'Lambda writes the logs of a function as its role',
  'service-role/AWSLambdaVPCAccessExecutionRole': 'Lambda joins the VPC as the role of the function',
  'service-role/AmazonAPIGatewayPushToCloudWatchLogs': 'API Gateway writes its logs as this role',
};

/** Permissions that no call needs, and why they are there. */
const UNUSED: readonly (readonly [permission: RegExp, reason: string])[] = [
  [/^sqs:SendMessage on .*:.*failedevents\w+$/, 'Lambda keeps events that a function has failed to handle as its role'],
  [/^xray:Put\w+ on \*$/, 'Lambda sends the traces of a function as its role'],
  [
    /^sagemaker:InvokeEndpoint on .*:(endpoint\/Ranker-V2|inference-component\/judge-v2)$/,
    'it is documented nowhere whether ARNs of endpoints and components have the name as given or in lower case',
  ],
  [
    /^bedrock:InvokeModel on .*:imported-model\/88c73bd81efb$/,
    'a model that streams is also called for whole answers, when nobody reads them while they are written',
  ],
];

/** Roles that are not looked at, and why. */
const LEFT_OUT: readonly (readonly [path: RegExp, reason: string])[] = [
  [
    /^BedrockModelImporter\/Provider\//,
    'the CDK writes functions and state machine of its provider framework, and what these may do: to call the two functions of ours',
  ],
];

/** What each role of a stack is used for, by its path. */
type Uses = Readonly<Record<string, readonly IamCall[]>>;

const NO_CALLS: readonly IamCall[] = [];

const output = new OutputOfProcess();
const warnings = jest.spyOn(console, 'error').mockReturnValue();
let aws: RecordingAws;
let deployed: Readonly<Record<string, Deployed>>;
const allUnused: string[] = [];

beforeAll(async () => {
  aws = await RecordingAws.start();
  const { app, ...examples } = exampleApp({ builtinCloudFormationValidation: false });
  const stacks: Stack[] = Object.values(examples);
  stacks.push(new EveryBindingStack(app, 'EveryBinding', aws.otherServiceUrl));
  deployed = Object.fromEntries(stacks.map((stack) => [stack.stackName, new Deployed(stack)]));
}, 60_000);

afterAll(async () => {
  await aws.stop();
  warnings.mockRestore();
  output.restore();
});

const asking = { agent: 'support', input: supportSystem.example, standIns: supportSystem.components };

const USES: Readonly<Record<string, (stack: Deployed) => Promise<Uses>>> = {
  SupportAgent: async (stack) => ({
    'Support/Function/ServiceRole': await recordAgent(aws, stack, { ...asking, handler: () => support }),
    'Support/Prewarming/Warmer/Function/ServiceRole': await recordWarmer(aws, stack),
    'Support/Prewarming/Warmer/SchedulerRole': callOf(stack, 'Prewarming'),
    'AWS679f53fac002430cb0da5b7982bd2287/ServiceRole': callOf(stack, 'Prewarming'),
    'Support/Tuner/Tuner/Function/ServiceRole': await recordTuner(aws, stack),
    'Support/Tuner/Tuner/SchedulerRole': callOf(stack, 'Tuner'),
    'Tools/catalogue/Function/ServiceRole': NO_CALLS,
    'Tools/search/Function/ServiceRole': NO_CALLS,
    ...(await usesOfImporter(stack)),
    'Writer/Role': importCalls(stack),
    'Gpu/Role': fleetCalls(stack),
    'Api/Resource/CloudWatchRole': NO_CALLS,
  }),
  CodeReview: async (stack) => ({
    'Review/Function/ServiceRole': await recordAgent(aws, stack, {
      agent: 'code-review',
      handler: () => review,
      input: codeReviewSystem.example,
      standIns: codeReviewSystem.components,
    }),
    'Splitter/Function/ServiceRole': NO_CALLS,
    ...(await usesOfImporter(stack)),
    'Reporter/Role': importCalls(stack),
    'Gpu/Role': fleetCalls(stack),
    'Api/Resource/CloudWatchRole': NO_CALLS,
  }),
  ResearchAgent: async (stack) => ({
    'Research/Function/ServiceRole': await recordAgent(aws, stack, {
      agent: 'research',
      handler: () => research,
      input: researchSystem.example,
      standIns: researchSystem.components,
    }),
    'Lookup/Function/ServiceRole': NO_CALLS,
    'Find/Function/ServiceRole': NO_CALLS,
    'Calculate/Function/ServiceRole': NO_CALLS,
    'Compare/Function/ServiceRole': NO_CALLS,
    ...(await usesOfImporter(stack)),
    'Writer/Role': importCalls(stack),
    'Gpu/Role': fleetCalls(stack),
    'Api/Resource/CloudWatchRole': NO_CALLS,
  }),
  StaticBaseline: async (stack) => ({
    // Its module is that of the support agent, which has read the other configuration by now.
    'Support/Function/ServiceRole': await recordAgent(aws, stack, {
      ...asking,
      handler: () => serve(supportSystem.graph),
    }),
    'Tools/catalogue/Function/ServiceRole': NO_CALLS,
    'Tools/search/Function/ServiceRole': NO_CALLS,
    'Gpu/Role': fleetCalls(stack),
    'Api/Resource/CloudWatchRole': NO_CALLS,
  }),
  EveryBinding: async (stack) => ({
    'Agent/Function/ServiceRole': await recordAgent(aws, stack, {
      agent: 'every-binding',
      handler: () => serve(everyBinding),
      input: {},
      profiles: PROFILES,
    }),
    'Search/ServiceRole': NO_CALLS,
    ...(await usesOfImporter(stack)),
    'Imported/Role': importCalls(stack),
    'Gpu/Role': fleetCalls(stack),
  }),
};

/** The schedule of a function calls it, and so does what has it restore things when it is taken away. */
function callOf(stack: Deployed, id: string): IamCall[] {
  const [{ Target }] = stack
    .ofType('AWS::Scheduler::Schedule')
    .filter(({ Target: { Arn } }) => Arn.includes(id.toLowerCase()));
  return [{ action: 'lambda:InvokeFunction', resource: Target.Arn }];
}

async function usesOfImporter(stack: Deployed): Promise<Uses> {
  const [properties] = stack.ofType('Custom::BedrockImportedModel');
  const { accepting, importing } = await recordImporter(properties);
  return {
    'BedrockModelImporter/Accept/ServiceRole': accepting,
    'BedrockModelImporter/Importer/ServiceRole': importing,
  };
}

describe.each(Object.entries(USES))('%s', (name, usesOf) => {
  let roles: readonly DeployedRole[];
  let uses: Uses;
  let unused: Readonly<Record<string, readonly string[]>>;

  beforeAll(async () => {
    roles = deployed[name]!.roles.filter(({ path }) => !LEFT_OUT.some(([pattern]) => pattern.test(path)));
    uses = await usesOf(deployed[name]!);
    const found = roles.map(async ({ path, statements }) => [
      path,
      await unusedPermissions(statements, uses[path] ?? []),
    ]);
    unused = Object.fromEntries(await Promise.all(found));
    allUnused.push(...Object.values(unused).flat());
  }, 30_000);

  test('it is known of each role what it is used for', () => {
    expect(Object.keys(uses).toSorted()).toEqual(roles.map(({ path }) => path).toSorted());
  });

  test('each role may do what it is used for', async () => {
    for (const { path, statements } of roles) {
      expect([path, await deniedCalls(statements, uses[path] ?? [])]).toEqual([path, []]);
    }
  });

  test('no role may do what it is not used for, unless there is a reason', () => {
    for (const [path, permissions] of Object.entries(unused)) {
      expect([path, permissions.filter((permission) => !hasReason(permission))]).toEqual([path, []]);
    }
  });

  test('no role has another policy of AWS than those that its service needs', () => {
    const policies = roles.flatMap(({ managedPolicyArns }) => managedPolicyArns);
    for (const policy of policies) {
      expect(MANAGED_POLICIES).toHaveProperty([policy.replace('arn:aws:iam::aws:policy/', '')]);
    }
  });

  test('the proof would fail if any statement were missing', async () => {
    for (const { statements, path } of roles) {
      const calls = uses[path] ?? [];
      for (const statement of statements) {
        // Nobody would miss one that is there for reasons only.
        if ((await unusedPermissions([statement], [])).every(hasReason)) continue;
        const others = statements.filter((other) => other !== statement);
        expect([statement, await deniedCalls(others, calls)]).not.toEqual([statement, []]);
      }
    }
  });
});

test('the proof would fail if a role might do more', async () => {
  const { statements } = deployed.SupportAgent!.role('BedrockModelImporter/Importer/ServiceRole');
  const { 'BedrockModelImporter/Importer/ServiceRole': calls = [] } = await usesOfImporter(deployed.SupportAgent!);
  const more: Statement[] = [
    { Effect: 'Allow', Action: ['bedrock:GetImportedModel', 'bedrock:ListImportedModels'], Resource: '*' },
    { Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::bucket/*' },
  ];
  expect(await unusedPermissions([...statements, ...more], calls)).toEqual([
    'bedrock:ListImportedModels on *',
    's3:* on arn:aws:s3:::bucket/*',
  ]);
});

test('every reason is needed', () => {
  for (const [pattern] of UNUSED) expect(allUnused).toContainEqual(expect.stringMatching(pattern));
  const policies = Object.values(deployed).flatMap(({ roles }) => roles.flatMap((role) => role.managedPolicyArns));
  for (const policy of Object.keys(MANAGED_POLICIES)) expect(policies).toContain(`arn:aws:iam::aws:policy/${policy}`);
  const paths = Object.values(deployed).flatMap(({ roles }) => roles.map(({ path }) => path));
  for (const [pattern] of LEFT_OUT) expect(paths).toContainEqual(expect.stringMatching(pattern));
});

function hasReason(permission: string): boolean {
  return UNUSED.some(([pattern]) => pattern.test(permission));
}
