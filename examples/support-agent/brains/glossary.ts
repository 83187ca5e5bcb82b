/** How people ask that something be permitted. */
const PERMITTED =
  /\b(let|allow\w*|permit\w*|access|permission\w*|authori[sz]e|grant\w*|read from|write to|permettre|autoriser|permitir|permiso|erlaub\w*|zugriff)\b/i;

export const PERMISSION_WORDS = 'grant permissions';

export const asksForPermission = (question: string) => PERMITTED.test(question);

/** How people ask, and the words in which the documentation answers. */
const REWORDINGS: readonly (readonly [asked: RegExp, documented: string])[] = [
  [PERMITTED, PERMISSION_WORDS],
  [/\b(dlq|dead.?letter\w*|failed messages?|poison)\b/i, 'dead letter queue'],
  [/\b(cron|schedul\w*|every (day|hour|minute|night|week)|nightly|daily|periodic\w*)\b/i, 'schedule expression'],
  [/\b(cross.?stack|(other|another|different|between|across) stacks?)\b/i, 'accessing resources in a different stack'],
  [/\b(rotat\w+)\b/i, 'enable rotation'],
  [/\b(encrypt\w*|at rest)\b/i, 'encryption key'],
  [/\b(global table|replica\w*|multi.?region)\b/i, 'table replicas regions'],
  [/\b(iterate|loop over|for each|each item|map state)\b/i, 'map state'],
  [/\b(l1|l2)s?\b/i, 'layer 1 layer 2 resources'],
  [/\b(layers?)\b/i, 'layer version'],
  [/\b(custom domain|domain name|https)\b/i, 'domain name certificate'],
  [/\b(alarm|alert\w*|notify when)\b/i, 'alarm metric'],
  [/\b(delete\w*|destroy\w*|keep|retain\w*)\b.*\b(stack|bucket|table|resource)s?\b/i, 'removal policy retain'],
  [/\b(scal(e|es|ing)|autoscal\w*)\b/i, 'auto scaling'],
  [/\b(environment variables?|env vars?)\b/i, 'environment variables'],
  [/\b(unit tests?|test my stack|assert\w*)\b/i, 'template assertions resource matching'],
  [/\b(upload\w*|deploy\w*) (files?|a website|static|assets)\b/i, 'bucket deployment'],
  [/\b(import\w*|existing|already exists?|look ?up)\b/i, 'import existing'],
  [/\b(two|three|four|five|six|how many|\d+) \w+/i, 'number of'],
];

/** Resources by whose name people mean the service that owns them. */
const OWNERS: readonly (readonly [resource: RegExp, service: string])[] = [
  [/\bbuckets?\b/i, 's3'],
  [/\bqueues?\b/i, 'sqs'],
  [/\btopics?\b/i, 'sns'],
  [/\bsecrets?\b/i, 'secretsmanager'],
  [/\b(subnets?|security groups?|nat gateways?|instances?)\b/i, 'ec2'],
  [/\bstate machines?\b/i, 'stepfunctions'],
  [/\buser pools?\b/i, 'cognito'],
  [/\bhosted zones?\b/i, 'route53'],
  [/\blog groups?\b/i, 'logs'],
  [/\bdistributions?\b/i, 'cloudfront'],
];

/** Names by which people speak of services. */
const SERVICES =
  /\b(api gateway|appsync|athena|aurora|auto scaling|batch|bedrock|cloudfront|cloudtrail|cloudwatch|codebuild|codepipeline|cognito|docdb|dynamodb|ec2|ecr|ecs|efs|eks|elasticache|eventbridge|fargate|glue|iam|kinesis|kms|lambda|load balancer|opensearch|pipes|rds|redshift|route ?53|s3|sagemaker|scheduler|secrets manager|ses|sns|sqs|ssm|step functions|synthetics|vpc|waf)s?\b/gi;

export function rewordings(question: string): string[][] {
  return REWORDINGS.filter(([asked]) => asked.test(question)).map(([, documented]) => documented.split(' '));
}

/** The services that a text names, each once, in its order. */
export function servicesIn(text: string): string[] {
  return [...new Set((text.match(SERVICES) ?? []).map((name) => name.toLowerCase()))];
}

/** The services that own what a text speaks of, and that it does not name itself. */
export function ownersIn(text: string): string[] {
  const named = servicesIn(text).map((name) => name.replaceAll(' ', ''));
  return OWNERS.filter(([resource, service]) => resource.test(text) && !named.includes(service)).map(
    ([, service]) => service,
  );
}
