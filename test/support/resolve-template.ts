import { createHash } from 'node:crypto';

/** A CloudFormation template as `Template.toJSON()` gives it. */
export interface CloudFormationTemplate {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: any }>>;
}

export const REGION = 'us-east-1';
export const ACCOUNT = '123456789012';

/**
 * The properties of all resources as CloudFormation would pass them to the services: every reference replaced by the name
 * or ARN that the resource could have.
 */
export function resolveTemplate(template: CloudFormationTemplate): CloudFormationTemplate {
  return { ...template, Resources: resolve(template.Resources, template) as CloudFormationTemplate['Resources'] };
}

function resolve(value: unknown, template: CloudFormationTemplate): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, template)).filter((item) => item !== NO_VALUE);
  if (typeof value !== 'object' || value === null) return value;
  const entries: [string, unknown][] = Object.entries(value);
  const [[intrinsic, argument] = ['', undefined]] = entries;
  const evaluate = INTRINSICS[intrinsic];
  if (evaluate && entries.length === 1) return evaluate(argument, template);
  return Object.fromEntries(
    entries.map(([key, item]) => [key, resolve(item, template)]).filter(([, item]) => item !== NO_VALUE),
  );
}

const NO_VALUE = Symbol('AWS::NoValue');

const PSEUDO: Readonly<Record<string, unknown>> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::NoValue': NO_VALUE,
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
  'AWS::StackId': `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/test/00000000-0000-0000-0000-000000000000`,
  'AWS::StackName': 'test',
  'AWS::URLSuffix': 'amazonaws.com',
};

const INTRINSICS: Readonly<Record<string, (argument: any, template: CloudFormationTemplate) => unknown>> = {
  Ref: (id, template) => PSEUDO[id] ?? referenceOf(id, template),
  'Fn::GetAtt': ([id, attribute], template) => attributeOf(id, attribute, template),
  'Fn::Join': ([separator, parts], template) => (resolve(parts, template) as unknown[]).join(separator),
  'Fn::Select': ([index, list], template) => (resolve(list, template) as unknown[])[Number(index)],
  'Fn::Split': ([separator, text], template) => String(resolve(text, template)).split(separator),
  'Fn::GetAZs': () => ['a', 'b', 'c'].map((zone) => `${REGION}${zone}`),
  'Fn::Sub': (argument, template) => {
    const [text, variables = {}] = Array.isArray(argument) ? argument : [argument];
    return (text as string).replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => {
      if (name in variables) return String(resolve(variables[name], template));
      const [id = '', attribute] = name.split('.');
      return String(attribute ? attributeOf(id, attribute, template) : INTRINSICS.Ref!(id, template));
    });
  },
};

const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;

/** ARNs by resource type, and whether `Ref` gives the ARN, not the name. */
const ARNS: Readonly<Record<string, { readonly arn: (name: string) => string; readonly isRef?: true }>> = {
  'AWS::ApiGateway::RestApi': { arn: (name) => arn('apigateway', `restapis/${name}`) },
  'AWS::CloudWatch::Alarm': { arn: (name) => arn('cloudwatch', `alarm:${name}`) },
  'AWS::DynamoDB::Table': { arn: (name) => arn('dynamodb', `table/${name}`) },
  'AWS::IAM::Role': { arn: (name) => `arn:aws:iam::${ACCOUNT}:role/${name}` },
  'AWS::KMS::Key': { arn: (name) => arn('kms', `key/${name}`) },
  'AWS::Lambda::Alias': { arn: (name) => arn('lambda', `function:${name}:live`), isRef: true },
  'AWS::Lambda::Function': { arn: (name) => arn('lambda', `function:${name}`) },
  'AWS::Logs::LogGroup': { arn: (name) => arn('logs', `log-group:${name}:*`) },
  'AWS::S3::Bucket': { arn: (name) => `arn:aws:s3:::${name}` },
  'AWS::SNS::Topic': { arn: (name) => arn('sns', name), isRef: true },
  'AWS::SQS::Queue': { arn: (name) => arn('sqs', name) },
  'AWS::SageMaker::Endpoint': { arn: (name) => arn('sagemaker', `endpoint/${name}`), isRef: true },
  'AWS::SageMaker::EndpointConfig': { arn: (name) => arn('sagemaker', `endpoint-config/${name}`), isRef: true },
  'AWS::SageMaker::InferenceComponent': { arn: (name) => arn('sagemaker', `inference-component/${name}`), isRef: true },
  'AWS::SecretsManager::Secret': { arn: (name) => arn('secretsmanager', `secret:${name}-AbCdEf`), isRef: true },
  'AWS::StepFunctions::StateMachine': { arn: (name) => arn('states', `stateMachine:${name}`), isRef: true },
};

/** The property that names a resource, of those that templates of tests name. */
const NAMED_BY: Readonly<Record<string, string>> = {
  'AWS::SageMaker::Endpoint': 'EndpointName',
  'AWS::SageMaker::InferenceComponent': 'InferenceComponentName',
};

/** The name that is given, or CloudFormation would choose: made of the logical id, in lower case, as S3 and SageMaker want it. */
function nameOf(id: string, template: CloudFormationTemplate): string {
  const { Type = '', Properties = {} } = template.Resources[id] ?? {};
  const given = Properties[NAMED_BY[Type] ?? ''];
  return given === undefined ? id.toLowerCase() : String(resolve(given, template));
}

/** What `Ref` gives for a resource. */
export function referenceOf(id: string, template: CloudFormationTemplate): string {
  const known = ARNS[template.Resources[id]?.Type ?? ''];
  return known?.isRef ? known.arn(nameOf(id, template)) : nameOf(id, template);
}

function attributeOf(id: string, attribute: string, template: CloudFormationTemplate): string {
  const type = template.Resources[id]?.Type ?? '';
  if (type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource') {
    const bedrockId = createHash('sha256').update(id).digest('hex').slice(0, 12);
    return attribute.endsWith('Arn')
      ? arn('bedrock', `imported-model/${bedrockId}`)
      : `${id.toLowerCase()}-${attribute}`;
  }
  if (attribute.endsWith('Arn')) {
    const known = ARNS[type];
    if (!known) throw new Error(`no ARN is known for ${type}: add it to the table`);
    return known.arn(nameOf(id, template));
  }
  return nameOf(id, template);
}
