import { Annotations, type Stack, Token, Validations } from 'aws-cdk-lib';
import { AwsCustomResource } from 'aws-cdk-lib/custom-resources';
import { Agent, AgentApi, InferenceFleet } from 'cdk-compound-inference';
import type { IConstruct } from 'constructs';
import { ToolFunction } from './tool-function';

/** Findings of cdk-nag that are accepted, by their ids, and why. */
type Accepted = readonly (readonly [reason: string, ...ids: readonly string[]])[];

/** What the examples leave to whoever takes them to production. */
const CHOICES: Accepted = [
  ['Whom an alarm tells is for the owner of the account to say', 'NIST.800.53.R5-CloudWatchAlarmAction'],
  [
    'CloudWatch encrypts logs by itself, and these hold neither prompts nor answers: a key of your own costs more than it protects',
    'NIST.800.53.R5-CloudWatchLogGroupEncrypted',
  ],
  [
    'API Gateway throttles callers; a reservation would take concurrency from all other functions of the account',
    'NIST.800.53.R5-LambdaConcurrency',
  ],
  ['The functions call public endpoints of AWS over TLS, and nothing in a VPC', 'NIST.800.53.R5-LambdaInsideVPC'],
  [
    'Whoever calls waits for the answer, and learns from it that a call failed',
    'Serverless-LambdaDLQ',
    'NIST.800.53.R5-LambdaDLQ',
  ],
  [
    'CDK grants by inline policies, which belong to one role and cannot be attached to another',
    'NIST.800.53.R5-IAMNoInlinePolicy',
  ],
  [
    'It permits a function to write its logs, and nothing else',
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
  ],
];

const TRACED_FUNCTION: Accepted = [
  ['X-Ray knows no resources; a function with active tracing writes to it', 'AwsSolutions-IAM5[Resource::*]'],
];

const FLEET: Accepted = [
  [
    'ecr:GetAuthorizationToken knows no resources; images are pulled from one repository',
    'AwsSolutions-IAM5[Resource::*]',
  ],
  ['The rule has no targets: an alarm counts its matches', 'Serverless-EventBusDLQ'],
];

/** The function of the CDK that has a warmer restore what it changed when it is taken out of the stack. */
const REMOVER: Accepted = [
  ['The framework of the CDK does not have it traced; it runs when the stack is deleted', 'Serverless-LambdaTracing'],
];

const API: Accepted = [
  [
    'A web ACL costs by the month; give AgentApi one as webAclArn',
    'AwsSolutions-APIG3',
    'NIST.800.53.R5-APIGWAssociatedWithWAF',
  ],
  [
    'Execution logs quote requests, and so prompts; access logs and traces tell the rest',
    'AwsSolutions-APIG6',
    'NIST.800.53.R5-APIGWExecutionLoggingEnabled',
  ],
  ['Callers are authorized by IAM', 'AwsSolutions-COG4'],
  ['No two runs are the same, so nothing is cached', 'NIST.800.53.R5-APIGWCacheEnabledAndEncrypted'],
  [
    'API Gateway calls Lambda, which knows it by IAM; a client certificate is for HTTP backends',
    'NIST.800.53.R5-APIGWSSLEnabled',
  ],
  [
    'The policy that API Gateway asks for to write logs: its role is one for the whole account',
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
  ],
];

/** The functions that import models, and the framework of the CDK that calls them. */
function importer({ region, account }: Stack): Accepted {
  const bedrock = `arn:aws:bedrock:${region}:${Token.isUnresolved(account) ? '<AWS::AccountId>' : account}`;
  return [
    [
      'bedrock:CreateModelImportJob and bedrock:ListModelImportJobs know no resources',
      'AwsSolutions-IAM5[Resource::*]',
    ],
    [
      'Bedrock makes up the ids of jobs and models, and the importer looks for names that may not be there',
      `AwsSolutions-IAM5[Resource::${bedrock}:model-import-job/*]`,
      `AwsSolutions-IAM5[Resource::${bedrock}:imported-model/*]`,
    ],
    [
      'The framework of the CDK may call these functions and their versions, which are all its own',
      'AwsSolutions-IAM5[Resource::<BedrockModelImporter7B6E6513.Arn>:*]',
      'AwsSolutions-IAM5[Resource::<BedrockModelImporterAccept53BB60D3.Arn>:*]',
      'AwsSolutions-IAM5[Resource::<BedrockModelImporterProviderframeworkisComplete1B62AAD5.Arn>:*]',
      'AwsSolutions-IAM5[Resource::<BedrockModelImporterProviderframeworkonTimeout22A3EF6E.Arn>:*]',
    ],
    [
      'The framework sets no memory for its functions, which only pass on what they are told',
      'Serverless-LambdaDefaultMemorySize',
    ],
    [
      'It runs for minutes when a model is deployed; what went wrong is in the stack event and in its log',
      'AwsSolutions-SF1',
      'AwsSolutions-SF2',
      'Serverless-StepFunctionStateMachineXray',
      'Serverless-LambdaTracing',
    ],
  ];
}

/**
 * Accepts what cdk-nag finds in an example, where it is, with the reason. Copy what holds for your stacks.
 *
 * @param weights ARNs of the folders that model imports read
 */
export function acknowledgeFindings(stack: Stack, weights: readonly string[] = []): void {
  accept(stack, CHOICES);
  for (const construct of stack.node.findAll()) {
    if (construct instanceof Agent || construct instanceof ToolFunction) accept(construct, TRACED_FUNCTION);
    if (construct instanceof InferenceFleet) accept(construct, FLEET);
    if (construct instanceof AgentApi) {
      accept(construct, API);
      Annotations.of(construct).acknowledgeWarning(
        'cdk-compound-inference:api/answers-stream',
        'Answers are short, no two are the same, and callers read them while they are written',
      );
    }
  }
  for (const folder of weights) {
    accept(stack, [['An import reads all files of one folder', `AwsSolutions-IAM5[Resource::${folder}/*]`]]);
  }
  const imports = stack.node.tryFindChild('BedrockModelImporter');
  if (imports) accept(imports, importer(stack));
  const remover = stack.node.tryFindChild(`AWS${AwsCustomResource.PROVIDER_FUNCTION_UUID.replaceAll('-', '')}`);
  if (remover) accept(remover, REMOVER);
}

function accept(construct: IConstruct, accepted: Accepted): void {
  for (const [reason, ...ids] of accepted) {
    Validations.of(construct).acknowledge(...ids.map((id) => ({ id, reason })));
  }
}
