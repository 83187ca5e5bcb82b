import { type Stack, Validations } from 'aws-cdk-lib';
import { AwsCustomResource } from 'aws-cdk-lib/custom-resources';
import { REGION } from '../../support/resolve-template';

const wildcard = (...resources: string[]) => resources.map((resource) => `AwsSolutions-IAM5[Resource::${resource}]`);
const managedPolicy = (name: string) =>
  `AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/${name}]`;

/** The function that has a warmer restore what it changed. */
const REMOVER = `AWS${AwsCustomResource.PROVIDER_FUNCTION_UUID.replaceAll('-', '')}`;

/** What is accepted of which construct of the stack that has every property, by its path in it, and why. */
const ACCEPTED: readonly (readonly [path: string, reason: string, ...ids: readonly string[]])[] = [
  ['', 'CDK grants by inline policies, which belong to one role', 'NIST.800.53.R5-IAMNoInlinePolicy'],
  [
    '',
    'CloudWatch encrypts logs by itself, and these hold neither prompts nor answers',
    'NIST.800.53.R5-CloudWatchLogGroupEncrypted',
  ],
  [
    '',
    'Whoever calls a function waits for its answer, and learns from it that the call failed',
    'Serverless-LambdaDLQ',
    'NIST.800.53.R5-LambdaDLQ',
  ],
  ['', 'It permits a function to write its logs, and nothing else', managedPolicy('AWSLambdaBasicExecutionRole')],

  ['Reserved/Components1', 'ecr:GetAuthorizationToken knows no resources', ...wildcard('*')],
  ['Reserved/Rollback', 'The rule has no targets: an alarm counts its matches', 'Serverless-EventBusDLQ'],
  ['Reserved/Rollback', 'Whom an alarm tells is for the owner to say', 'NIST.800.53.R5-CloudWatchAlarmAction'],
  ['Several/Role/DefaultPolicy', 'ecr:GetAuthorizationToken knows no resources', ...wildcard('*')],
  ['Several/Rollback', 'The rule has no targets: an alarm counts its matches', 'Serverless-EventBusDLQ'],
  ['Several/Rollback', 'Whom an alarm tells is for the owner to say', 'NIST.800.53.R5-CloudWatchAlarmAction'],
  ['Slow', 'SageMaker looks at the alarm, which tells nobody', 'NIST.800.53.R5-CloudWatchAlarmAction'],

  [
    'ImportRole',
    'An import reads all files of one folder, makes interfaces whose ids are not known before, and looks at the network by actions that know no resources',
    ...wildcard(
      'arn:aws:s3:::weights/imported/v1/*',
      `arn:aws:ec2:${REGION}:<AWS::AccountId>:network-interface/*`,
      '*',
    ),
  ],
  [
    'BedrockModelImporter',
    'Bedrock makes up the ids of jobs and models, and creating and listing jobs knows no resources',
    ...wildcard(
      '*',
      `arn:aws:bedrock:${REGION}:<AWS::AccountId>:model-import-job/*`,
      `arn:aws:bedrock:${REGION}:<AWS::AccountId>:imported-model/*`,
    ),
  ],
  [
    'BedrockModelImporter/Provider',
    'The framework of the CDK may call these functions and their versions, which are all its own',
    ...wildcard(
      '<BedrockModelImporter7B6E6513.Arn>:*',
      '<BedrockModelImporterAccept53BB60D3.Arn>:*',
      '<BedrockModelImporterProviderframeworkisComplete1B62AAD5.Arn>:*',
      '<BedrockModelImporterProviderframeworkonTimeout22A3EF6E.Arn>:*',
    ),
  ],
  [
    'BedrockModelImporter/Provider',
    'The framework sets this for its functions, which only pass on what they are told; failures are in the stack event',
    'AwsSolutions-SF1',
    'AwsSolutions-SF2',
    'Serverless-LambdaDefaultMemorySize',
    'Serverless-StepFunctionStateMachineXray',
  ],
  ['BedrockModelImporter', 'It runs for minutes when a model is deployed', 'Serverless-LambdaTracing'],
  [
    'BedrockModelImporter',
    'It calls public endpoints of AWS, when a model is deployed, one call at a time',
    'NIST.800.53.R5-LambdaInsideVPC',
    'NIST.800.53.R5-LambdaConcurrency',
  ],

  ['Every', 'X-Ray knows no resources, and neither do network interfaces of functions', ...wildcard('*')],
  ['Every', 'It puts a function into a VPC', managedPolicy('AWSLambdaVPCAccessExecutionRole')],
  [
    'Every',
    'A profile routes to Regions that it alone knows',
    ...wildcard(
      'arn:<AWS::Partition>:bedrock:*::foundation-model/amazon.nova-pro-v1:0',
      'arn:<AWS::Partition>:bedrock:*::foundation-model/amazon.nova-micro-v1:0',
    ),
  ],
  [
    'Every/Config',
    'It says where components run, which is no secret: a key of AWS is enough',
    'NIST.800.53.R5-SecretsManagerUsingKMSKey',
  ],
  ...['Every/Prewarming', 'Every/Tuner'].map(
    (path) =>
      [
        path,
        'It calls public endpoints of AWS once a minute, one call at a time',
        'NIST.800.53.R5-LambdaInsideVPC',
        'NIST.800.53.R5-LambdaConcurrency',
      ] as const,
  ),
  [
    'Every/Tuner/Alarms',
    'Two alarms of a pair act as one: the alarm that is made of them tells',
    'NIST.800.53.R5-CloudWatchAlarmAction',
  ],
  [
    REMOVER,
    'The framework of the CDK makes it; it runs when other components are warmed than before, and when the stack is deleted',
    'Serverless-LambdaTracing',
    'NIST.800.53.R5-LambdaInsideVPC',
    'NIST.800.53.R5-LambdaConcurrency',
  ],
  ['Bundled', 'X-Ray knows no resources', ...wildcard('*')],
  [
    'Bundled',
    'It calls a public endpoint of AWS; the gateway throttles callers',
    'NIST.800.53.R5-LambdaInsideVPC',
    'NIST.800.53.R5-LambdaConcurrency',
  ],

  ['Tokens/Jwt', 'The trace of a request shows how long its authorizer took', 'Serverless-LambdaTracing'],
  [
    'Tokens/Jwt',
    'It asks the issuer, over the internet; the gateway throttles callers, and keeps answers',
    'NIST.800.53.R5-LambdaInsideVPC',
    'NIST.800.53.R5-LambdaConcurrency',
  ],
  ['Tokens', 'A function verifies tokens of another issuer', 'AwsSolutions-COG4'],
  ['Iam', 'IAM authorizes', 'AwsSolutions-COG4'],
  [
    'Iam/Resource/CloudWatchRole',
    'The policy that API Gateway asks for to write logs: its role is one for the whole account',
    managedPolicy('AmazonAPIGatewayPushToCloudWatchLogs'),
  ],
  ['Custom', 'An authorizer of the user decides', 'AwsSolutions-COG4'],
  ['Keys', 'API keys tell tenants apart', 'AwsSolutions-APIG4', 'AwsSolutions-COG4'],
  ['Open', 'It was asked for by its name, and warns', 'AwsSolutions-APIG4', 'AwsSolutions-COG4'],
  ...['Tokens', 'Iam', 'Users', 'Custom', 'Keys', 'Open'].map(
    (api) =>
      [
        api,
        'Execution logs quote prompts; no two runs are the same; API Gateway calls Lambda by IAM, without certificates',
        'AwsSolutions-APIG6',
        'NIST.800.53.R5-APIGWExecutionLoggingEnabled',
        'NIST.800.53.R5-APIGWCacheEnabledAndEncrypted',
        'NIST.800.53.R5-APIGWSSLEnabled',
      ] as const,
  ),
  ...['Iam', 'Users', 'Custom', 'Keys', 'Open'].map(
    (api) =>
      [
        api,
        'It has no web ACL, as few have; Tokens has one',
        'AwsSolutions-APIG3',
        'NIST.800.53.R5-APIGWAssociatedWithWAF',
      ] as const,
  ),
];

/** @throws Error if a construct is gone */
export function acknowledgeEveryProp(stack: Stack): void {
  for (const [path, reason, ...ids] of ACCEPTED) {
    const construct = path
      .split('/')
      .filter(Boolean)
      .reduce((scope, id) => scope.findChild(id).node, stack.node)
      .scopes.at(-1)!;
    Validations.of(construct).acknowledge(...ids.map((id) => ({ id, reason })));
  }
}
