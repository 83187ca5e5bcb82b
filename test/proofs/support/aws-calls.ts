import type { IncomingHttpHeaders } from 'node:http';
import { ACCOUNT, REGION } from '../../support/resolve-template';
import type { IamCall } from './iam';

/** A request to a service of AWS, as it came over the wire. */
export interface AwsRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The JSON document, of the services that name what they do there. */
  readonly body?: any;
}

/** What is behind names that requests hold. */
export interface Behind {
  /** Models of inference profiles, by the profile's id or ARN, and where it routes. */
  readonly profiles: Readonly<Record<string, { readonly modelId: string; readonly regions: readonly string[] }>>;
  /** Key of the imported models, if they have one. */
  readonly modelKey: string | undefined;
  /** Keys of the secrets that have one, by the secret's ARN. */
  readonly secretKeys: Readonly<Record<string, string>>;
}

const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;

type Route = readonly [route: RegExp, calls: (name: string, request: AwsRequest, behind: Behind) => readonly IamCall[]];

/** What the services ask IAM, by the name that a request is signed for, the method, and the path or target. */
const ROUTES: readonly Route[] = [
  [/^sagemaker POST \/endpoints\/([^/]+)\/invocations$/, (name, { headers }) => invokeEndpoint(name, headers)],
  // The reference of actions has one of its own for answers in parts, while that of the API asks for InvokeEndpoint:
  // https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointWithResponseStream.html
  [
    /^sagemaker POST \/endpoints\/([^/]+)\/invocations-response-stream$/,
    (name, { headers }) => [
      ...invokeEndpoint(name, headers),
      ...invokeEndpoint(name, headers, 'sagemaker:InvokeEndpointWithResponseStream'),
    ],
  ],
  // Converse is authorized as InvokeModel: https://docs.aws.amazon.com/bedrock/latest/userguide/inference-prereq.html
  [/^bedrock POST \/model\/([^/]+)\/(?:invoke|converse)$/, (id, _, behind) => invokeModel('InvokeModel', id, behind)],
  [
    /^bedrock POST \/model\/([^/]+)\/(?:invoke-with-response-stream|converse-stream)$/,
    (id, _, behind) => invokeModel('InvokeModelWithResponseStream', id, behind),
  ],
  [
    /^lambda POST \/2015-03-31\/functions\/([^/]+)\/invocations$/,
    (name) => [
      { action: 'lambda:InvokeFunction', resource: name.startsWith('arn:') ? name : arn('lambda', `function:${name}`) },
    ],
  ],
  [/^dynamodb POST DynamoDB_20120810\.(\w+)$/, (operation, { body }) => onTable(operation, body)],
  [
    /^sagemaker POST SageMaker\.(\w+)$/,
    (operation, { body }) => [{ action: `sagemaker:${operation}`, resource: component(body.InferenceComponentName) }],
  ],
  [
    /^application-autoscaling POST AnyScaleFrontendService\.(\w+)$/,
    (operation, { body }) =>
      operation.startsWith('Describe')
        ? [{ action: `application-autoscaling:${operation}`, resource: '*' }]
        : onScalableTarget(operation, body),
  ],
  [/^monitoring POST .*[./](GetMetricData)$/, () => [{ action: 'cloudwatch:GetMetricData', resource: '*' }]],
  [
    /^secretsmanager POST (secretsmanager\.GetSecretValue)$/,
    (_, { body: { SecretId: secretArn } }, { secretKeys: { [secretArn]: key } }) => [
      { action: 'secretsmanager:GetSecretValue', resource: secretArn },
      // https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
      ...(key === undefined ? [] : [via('secretsmanager', 'kms:Decrypt', key)]),
    ],
  ],
];

/**
 * What IAM is asked about a request.
 *
 * @throws Error if the table does not know the request
 */
export function iamCallsOf(request: AwsRequest, behind: Behind): readonly IamCall[] {
  const { method, path, headers } = request;
  const signedFor = /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\/aws4_request/.exec(headers.authorization ?? '');
  if (signedFor?.[1] !== REGION) throw new Error(`${method} ${path} is not signed for ${REGION}`);
  const line = `${signedFor[2]} ${method} ${String(headers['x-amz-target'] ?? path)}`;
  for (const [route, calls] of ROUTES) {
    const name = route.exec(line)?.[1];
    if (name !== undefined) return calls(decodeURIComponent(name), request, behind);
  }
  throw new Error(`add to the table what IAM is asked about "${line}"`);
}

const component = (name: string) => arn('sagemaker', `inference-component/${name}`);

/**
 * Against the endpoint, whose ARN is in lower case, and against the inference component if one is named.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
 */
function invokeEndpoint(name: string, headers: IncomingHttpHeaders, action = 'sagemaker:InvokeEndpoint'): IamCall[] {
  const called = headers['x-amzn-sagemaker-inference-component'];
  return [
    { action, resource: arn('sagemaker', `endpoint/${name.toLowerCase()}`) },
    ...(called === undefined ? [] : [{ action, resource: component(String(called)) }]),
  ];
}

/** With the partition keys of the items: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html */
function onTable(operation: string, body: any): IamCall[] {
  const action = `dynamodb:${operation}`;
  if (operation === 'BatchGetItem') {
    return Object.keys(body.RequestItems).map((table) => ({ action, resource: arn('dynamodb', `table/${table}`) }));
  }
  const context = { 'dynamodb:LeadingKeys': [leadingKeyOf(body).S] };
  return [{ action, resource: arn('dynamodb', `table/${body.TableName}`), context }];
}

function leadingKeyOf({ Item, Key = Item, KeyConditionExpression, ExpressionAttributeValues }: any): any {
  if (KeyConditionExpression === undefined) return Key.id ?? Key.component;
  return ExpressionAttributeValues[/^\w+ = (:\w+)/.exec(KeyConditionExpression)![1]!];
}

/**
 * Application Auto Scaling also asks whether the caller may do what it will do for him.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/security_iam_permission_validation.html
 */
function onScalableTarget(operation: string, { ResourceId, ServiceNamespace, ScalableDimension }: any): IamCall[] {
  const scaled = component(String(ResourceId).replace('inference-component/', ''));
  const alarm = arn('cloudwatch', `alarm:TargetTracking-${ResourceId}-AlarmHigh-00000000`);
  return [
    {
      action: `application-autoscaling:${operation}`,
      resource: arn('application-autoscaling', 'scalable-target/0abc4567'),
      context: {
        'application-autoscaling:service-namespace': ServiceNamespace,
        'application-autoscaling:scalable-dimension': ScalableDimension,
      },
    },
    { action: 'sagemaker:DescribeInferenceComponent', resource: scaled },
    { action: 'sagemaker:UpdateInferenceComponentRuntimeConfig', resource: scaled },
    ...(operation === 'PutScalingPolicy'
      ? [
          { action: 'cloudwatch:DescribeAlarms', resource: '*' },
          { action: 'cloudwatch:DeleteAlarms', resource: alarm },
          { action: 'cloudwatch:PutMetricAlarm', resource: alarm },
        ]
      : []),
  ];
}

function invokeModel(operation: string, id: string, { profiles, modelKey }: Behind): IamCall[] {
  const action = `bedrock:${operation}`;
  const profile = profiles[id];
  if (profile) {
    // https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html
    const profileArn = id.startsWith('arn:') ? id : arn('bedrock', `inference-profile/${id}`);
    return [
      { action, resource: profileArn },
      ...profile.regions.map((region) => ({
        action,
        resource: `arn:aws:bedrock:${region}::foundation-model/${profile.modelId}`,
        context: { 'bedrock:InferenceProfileArn': profileArn },
      })),
    ];
  }
  if (!id.startsWith('arn:')) return [{ action, resource: `arn:aws:bedrock:${REGION}::foundation-model/${id}` }];
  return [
    { action, resource: id },
    // https://docs.aws.amazon.com/bedrock/latest/userguide/import-model-using-cmk.html
    ...(modelKey === undefined ? [] : [via('bedrock', 'kms:Decrypt', modelKey)]),
  ];
}

/** What a service does with a key for its caller. */
export function via(service: string, action: string, key: string): IamCall {
  return { action, resource: key, context: { 'kms:ViaService': `${service}.${REGION}.amazonaws.com` } };
}
