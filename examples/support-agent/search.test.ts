import { handler as catalogue } from './catalogue';
import { handler as search } from './search';

async function modulesFor(query: string): Promise<string[]> {
  const { passages } = await search({ query });
  return passages.slice(0, 3).map(({ id }) => id.split('#')[0]!);
}

test('reading a bucket finds the grants of S3, with their file and heading', async () => {
  const { passages } = await search({ query: 'grant permissions lambda s3', source: 'aws-s3' });
  expect(passages[0]).toMatchObject({ source: 'aws-cdk-lib/aws-s3/README.md', heading: 'Permissions' });
  expect(passages[0]?.text).toContain('bucket.grantReadWrite(myLambda)');
});

test.each([
  ['sqs dead letter queue', 'aws-sqs'],
  ['cloudfront s3 origin', 'aws-cloudfront-origins'],
  ['dynamodb global table replicas', 'aws-dynamodb'],
  ['step functions map state', 'aws-stepfunctions'],
  ['kms key rotation', 'aws-kms'],
  ['accessing resources in a different stack', 'aws-cdk-lib'],
  ['lambda layers', 'aws-lambda'],
  ['eventbridge scheduler schedule expression', 'aws-scheduler'],
  ['api gateway custom domain', 'aws-apigateway'],
  ['cloudwatch alarm', 'aws-cloudwatch'],
  ['vpc private subnets', 'aws-ec2'],
  ['cognito user pool sign up', 'aws-cognito'],
  ['fargate service load balancer', 'aws-ecs-patterns'],
  ['template assertions', 'assertions'],
])('%p finds a passage of %s', async (query, module) => {
  expect(await modulesFor(query)).toContain(module);
});

test.each(['dynamodb replica', 'DynamoDB replicas', 'dynamodb replicaz'])(
  '%p finds replicas, whatever the inflection, the case or a slip',
  async (query) => {
    expect(await modulesFor(query)).toContain('aws-dynamodb');
  },
);

test.each(['capital france', 'best pizza recipe', '', '???', 'the of and'])('%p finds nothing', async (query) => {
  expect(await search({ query })).toEqual({ passages: [] });
});

test('a search of one source finds passages of that source only', async () => {
  const { passages } = await search({ query: 'encryption key', source: 'aws-sqs' });
  expect(new Set(passages.map(({ source }) => source))).toEqual(new Set(['aws-cdk-lib/aws-sqs/README.md']));
});

test('a source that does not exist has no passages', async () => {
  expect(await search({ query: 'bucket', source: 'aws-unicorn' })).toEqual({ passages: [] });
});

test('the catalogue names the modules that have documentation of their own', async () => {
  const { sources } = await catalogue();
  expect(sources).toContainEqual(expect.objectContaining({ name: 'aws-s3', title: 'Amazon S3' }));
  expect(sources.map(({ name }) => name)).not.toContain('aws-wickr');
});
