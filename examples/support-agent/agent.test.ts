import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from 'cdk-compound-inference/run';
import { runInProcess, type StandIns } from '../shared/run-in-process';
import { support } from './agent';
import * as brains from './brains';
import { handler as catalogue } from './catalogue';
import { NO_ANSWER } from './prompts';
import { handler as search } from './search';

const standIns: StandIns = { brains, handlers: { catalogue, search } };
const ask = async (question: string, changed: Partial<StandIns> = {}) =>
  (await runInProcess(support, { question }, { ...standIns, ...changed })).output;

test.each([
  'How do I let a Lambda function read from an S3 bucket?',
  'How do I let a Lambda function read a bucket?',
  'How can a Lambda function read from a bucket?',
  'Allow my Lambda function to read objects in a bucket',
  'How do I grant a Lambda function access to an S3 bucket?',
])('%p is answered with code and a citation of file and heading', async (question) => {
  const { answer, citations } = await ask(question);
  expect(answer).toContain('bucket.grantReadWrite(myLambda);');
  expect(citations[0]).toEqual({ id: 1, source: 'aws-cdk-lib/aws-s3/README.md', heading: 'Permissions' });
});

test.each([
  ['How do I configure a dead letter queue for an SQS queue?', 'aws-sqs'],
  ['How do I serve an S3 bucket through CloudFront?', 'aws-cloudfront-origins'],
  ['How do I create a DynamoDB global table?', 'aws-dynamodb'],
  ['How do I process a list of items with a Step Functions map state?', 'aws-stepfunctions'],
  ['How can I rotate a KMS key?', 'aws-kms'],
  ['How do I reference a resource in another stack?', ''],
  ['How do I share code between functions with a Lambda layer?', 'aws-lambda'],
  ['Run a Lambda function every day at 8am with EventBridge', 'aws-scheduler-targets'],
  ['How do I keep a bucket when the stack is deleted?', 'aws-s3'],
  ['How do I allow a role to read a bucket?', 'aws-s3'],
  ['How do I encrypt a bucket?', 'aws-s3'],
  ['How do I trigger a Lambda function when an object is put into a bucket?', 'aws-lambda-event-sources'],
  ['How do I deploy files into a bucket?', 'aws-s3-deployment'],
  ['How do I let a function read a secret?', 'aws-secretsmanager'],
  ['How do I let a Lambda function send messages to a queue?', 'aws-iam'],
  ['How do I test my stack?', 'assertions'],
  ['How to add a custom domain to an API Gateway REST API?', 'aws-apigateway'],
  ['How do I create an alarm on Lambda errors?', 'aws-cloudwatch'],
  ['Comment permettre à une fonction Lambda de lire un bucket S3 ?', 'aws-s3'],
])('%p is answered from %p', async (question, module) => {
  const { citations } = await ask(question);
  expect(citations[0]?.source).toBe(['aws-cdk-lib', module, 'README.md'].filter(Boolean).join('/'));
});

test.each([
  ['What is the difference between L1 and L2 constructs?', /Layer 1 resources.*CfnBucket.*Layer 2 resources/s],
  ['How do I create a VPC with two availability zones?', /^(?!.*reserv).*change the number.*`maxAzs`/s],
  ['How do I run a Lambda function every hour?', /LambdaInvoke.*rate\(Duration\.hours\(1\)\)/s],
  [
    'How do I put a Fargate service behind a load balancer and scale it on CPU?',
    /behind an application load balancer.*ApplicationLoadBalancedFargateService.*scaleOnCpuUtilization/s,
  ],
  ['How do I rotate a secret automatically?', /^(?!.*prevent).*rotate a secret.*addRotationSchedule/s],
  ['How do I import an existing bucket by name?', /^Short-hand factories.*fromBucketName\(this/s],
])('%p is answered to the point', async (question, expected) => {
  expect((await ask(question)).answer).toMatch(expected);
});

test('citations are numbered in the order of the answer', async () => {
  const { citations } = await ask('How do I put a Fargate service behind a load balancer and scale it on CPU?');
  expect(citations.map(({ id }) => id)).toEqual([1, 2]);
});

test.each(['What is the capital of France?', 'Best pizza recipe', '¿?', 'how'])(
  '%p is out of scope, and the answer says so without citations',
  async (question) => {
    expect(await ask(question)).toMatchObject({ answer: NO_ANSWER, citations: [] });
  },
);

test.each(['How do I let a Lambda function read from an S3 bucket?', 'What is the capital of France?'])(
  'what is streamed is the answer: %p',
  async (question) => {
    const heard: RunEvent[] = [];
    const { output } = await runInProcess(support, { question }, standIns, { onEvent: (event) => heard.push(event) });
    const texts = heard.flatMap((event) => (event.type === 'text' ? [event] : []));
    expect(new Set(texts.map(({ node }) => node))).toEqual(new Set(['reply']));
    expect(texts.map(({ text }) => text).join('')).toBe(output.answer);
  },
);

const fails = () => {
  throw new Error('out of memory');
};

test.each<[string, Partial<StandIns>]>([
  ['without the selector', { brains: { ...brains, selector: fails } }],
  ['without the catalogue', { handlers: { search, catalogue: fails } }],
  [
    'with a source that the selector made up',
    { brains: { ...brains, selector: () => '{"searches":[{"query":"kms","source":"aws-unicorn"}]}' } },
  ],
])('%s the answer comes from the search of everything', async (_, changed) => {
  const { citations } = await ask('How can I rotate a KMS key?', changed);
  expect(citations[0]?.source).toBe('aws-cdk-lib/aws-kms/README.md');
});

test('an empty question is refused', async () => {
  await expect(ask('  ')).rejects.toThrow('question');
});

test('the README shows the graph as it is', () => {
  expect(readFileSync(join(__dirname, 'README.md'), 'utf8')).toContain(support.toMermaid());
});
