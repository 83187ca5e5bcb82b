import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  type ApiKeySourceType,
  CfnAccount,
  Cors,
  EndpointType,
  type IApiKey,
  type IResource,
  LogGroupLogDestination,
  type Method,
  type MethodOptions,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { type Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { type ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { CORS_VARIABLE, toCorsVariable } from '../../core/api/cors';
import { DEADLINE_HEADER, PROBE_HEADER, WORK_CLASS_HEADER } from '../../core/api/headers';
import type { AgentAlarmsOptions } from '../observability/agent-alarms';
import { AgentApiAlarms } from '../observability/agent-api-alarms';
import { assertConfiguration, assertFirst, checkAtSynthesis } from '../private/checks';
import { assertShape, checkShape } from '../private/shape';
import type { IAgent } from './agent-ref';
import { ApiAuthorization, type ApiThrottling } from './api-authorization';
import { ACCESS_LOG_FORMAT } from './private/api-access-log';
import { type ApiDocuments, checkApi, documentsOf } from './private/api-checks';
import { CLIENT_HEADERS, DOORS, runLimits } from './private/api-doors';
import { addGatewayProblems } from './private/api-gateway-problems';
import { integrationOf, permitCalls, warnOfStreams, warnOfTimeouts } from './private/api-integration';
import { checkRoom } from './private/api-room';
import { staticAnswer } from './private/api-static';
import { API } from './private/shapes';
import { warnOfOverrides } from './private/tenant-limits-checks';

export interface AgentApiProps {
  /** The agents that can be called. */
  readonly agents: readonly IAgent[];

  /**
   * Who may call.
   *
   * @default ApiAuthorization.iam()
   */
  readonly authorization?: ApiAuthorization;

  /**
   * How many requests each method of the API lets through, of all callers together.
   *
   * @default - 50 a second, 100 at once
   */
  readonly throttling?: ApiThrottling;

  /**
   * How many runs of an agent the API lets through, by the agent's name: fewer or more than `throttling`, in place of
   * which this counts. Each door counts for itself: its runs, its chats and its calls as a tool.
   *
   * @default - `throttling`
   */
  readonly agentThrottling?: Readonly<Record<string, ApiThrottling>>;

  /**
   * Whether the gateway turns away bodies that do not match the input schema, before they cost a run of the function.
   *
   * Switch it off for a schema that changes a value before it checks it, such as one that coerces or trims: its JSON
   * Schema is stricter than it is. The agents check their input in any case.
   *
   * @default true
   */
  readonly validateInput?: boolean;

  /**
   * The web site whose pages may call the API, such as `https://app.example.com`, or `*` for all.
   *
   * @default - pages may not call it
   */
  readonly corsOrigin?: string;

  /**
   * The web ACL of AWS WAF that filters requests, of the scope `REGIONAL`.
   *
   * @default - none
   */
  readonly webAclArn?: string;

  /**
   * Where requests are logged: one JSON document each, without what they say.
   *
   * @default - a log group of its own, which keeps a month and goes with the stack
   */
  readonly accessLogGroup?: ILogGroup;

  /**
   * Whether to set the role with which API Gateway writes logs: one setting for the whole account and Region.
   *
   * Without such a role no stage with access logs can be made. Switch it off where the account has one, since this
   * replaces it; a stack sets it once. Role and setting stay when the stack goes, because other APIs may have come to need
   * them.
   *
   * @default true
   */
  readonly accountLogRole?: boolean;
}

const DEFAULT_THROTTLING: ApiThrottling = { rateLimit: 50, burstLimit: 100 };

/** What AWS SDKs send of a body that they sign. */
const SIGNED_BODY_HEADER = 'X-Amz-Content-Sha256';

/**
 * A regional REST API in front of agents: `POST /agents/{name}/runs` runs one, `GET /agents/{name}` describes it, and
 * `GET /agents` and `GET /openapi.json` say what there is. `/agents/{name}/v1` is a base URL for clients of OpenAI,
 * `/agents/{name}/mcp` a server for those of the Model Context Protocol.
 *
 * Errors of the gateway have the form of the agents' own, `application/problem+json`. Requests are traced.
 *
 * Answers of an agent whose graph streams come as they are written, to callers that ask for events.
 *
 * A body may have 4 MiB. The gateway lets more through, so it is the agent's function that refuses a larger one.
 */
export class AgentApi extends Construct {
  public readonly restApi: RestApi;

  /** The agents that can be called. */
  public readonly agents: readonly IAgent[];

  /** Permissions to call the API. */
  public readonly grants: AgentApiGrants;

  /**
   * The API keys, by tenant; none unless there are tenants. The value of a key that tenants send is read with
   * `aws apigateway get-api-key --include-value`.
   */
  public readonly apiKeys: Readonly<Record<string, IApiKey>>;

  private readonly corsOrigin: string | undefined;

  /** @throws ConfigurationError that lists every fault */
  constructor(scope: Construct, id: string, props: AgentApiProps) {
    super(scope, id);

    assertShape(this, 'api', props, API);
    const { agents, authorization = ApiAuthorization.iam(), validateInput = true } = props;
    const documents = documentsOf(agents, validateInput, authorization.securityScheme);
    assertConfiguration(this, (report) => {
      checkShape('api', '', props, API, report);
      checkApi(props, documents, report);
      authorization.check(report);
    });
    this.agents = agents;
    this.corsOrigin = props.corsOrigin;
    warnOfTimeouts(this, agents);
    warnOfStreams(this, agents);
    if (!authorization.namesTenants) warnOfOverrides(this, agents);

    this.restApi = this.createApi(props, authorization.apiKeySourceType);
    const methods = this.addMethods(agents, documents, authorization.methodOptions(this));
    addGatewayProblems(this.restApi, this.corsOrigin);
    this.apiKeys = authorization.attach(this, this.restApi);
    this.grants = new AgentApiGrants(this, methods, authorization.usesIam);
    checkAtSynthesis(this, (report) => checkRoom(this, report));

    if (props.webAclArn !== undefined) {
      const resourceArn = this.restApi.deploymentStage.stageArn;
      new CfnWebACLAssociation(this, 'WebAcl', { resourceArn, webAclArn: props.webAclArn });
    }
  }

  /** Where the API is, with a slash at the end. */
  public get url(): string {
    return this.restApi.url;
  }

  /** Requests. */
  public metricCount(options?: MetricOptions): Metric {
    return this.restApi.deploymentStage.metricCount(options);
  }

  /** How long callers wait for answers, in milliseconds, the start of a function included: P95 by default. */
  public metricLatency(options: MetricOptions = {}): Metric {
    return this.restApi.deploymentStage.metricLatency({ statistic: Stats.percentile(95), ...options });
  }

  /** Requests that were answered with a status from 400 to 499, such as those that may not call or call too often. */
  public metricClientErrors(options?: MetricOptions): Metric {
    return this.restApi.deploymentStage.metricClientError(options);
  }

  /** Requests that were answered with a status from 500: failed runs, failed functions and time-outs. */
  public metricServerErrors(options?: MetricOptions): Metric {
    return this.restApi.deploymentStage.metricServerError(options);
  }

  /**
   * Alarms on the API, in its stack. Without actions they can be looked at, and no one is told.
   *
   * @throws ConfigurationError at the second call
   */
  public alarms(options: AgentAlarmsOptions = {}): AgentApiAlarms {
    assertFirst(this, 'Alarms', 'api/alarms-twice', 'alarms', 'new AgentApiAlarms(...)');
    return new AgentApiAlarms(this, 'Alarms', { ...options, api: this });
  }

  private createApi(props: AgentApiProps, apiKeySourceType: ApiKeySourceType | undefined): RestApi {
    const { rateLimit, burstLimit } = props.throttling ?? DEFAULT_THROTTLING;
    const logGroup =
      props.accessLogGroup ??
      new LogGroup(this, 'AccessLogs', { retention: RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY });
    const { accountLogRole = true } = props;
    const accountSetting = accountSettingIn(Stack.of(this));
    const api = new RestApi(this, 'Resource', {
      restApiName: this.node.path.replaceAll('/', '-').slice(-128),
      description: `Agents: ${props.agents.map(({ graph }) => graph.name).join(', ')}`.slice(0, 1024),
      endpointTypes: [EndpointType.REGIONAL],
      ...(apiKeySourceType !== undefined && { apiKeySourceType }),
      cloudWatchRole: accountLogRole && accountSetting === undefined,
      deployOptions: {
        accessLogDestination: new LogGroupLogDestination(logGroup),
        accessLogFormat: ACCESS_LOG_FORMAT,
        tracingEnabled: true,
        throttlingRateLimit: rateLimit,
        throttlingBurstLimit: burstLimit,
        methodOptions: runLimits(props.agentThrottling ?? {}),
        // No execution logs: they quote requests.
        ...(this.corsOrigin !== undefined && { variables: { [CORS_VARIABLE]: toCorsVariable(this.corsOrigin) } }),
      },
    });
    if (accountLogRole && accountSetting) api.deploymentStage.node.addDependency(accountSetting);
    return api;
  }

  private addMethods(agents: readonly IAgent[], documents: ApiDocuments, authorization: MethodOptions): Method[] {
    const { root } = this.restApi;
    const list = root.addResource('agents');
    const methods = [
      this.addStaticMethod(list, documents.list, authorization),
      this.addStaticMethod(root.addResource('openapi.json'), documents.openApi, authorization),
    ];
    const validators =
      documents.models.size > 0
        ? {
            requestValidator: this.restApi.addRequestValidator('Body', {
              validateRequestBody: true,
              validateRequestParameters: true,
            }),
          }
        : {};
    for (const agent of agents) {
      const { name } = agent.graph;
      const resource = list.addResource(name);
      permitCalls(agent, resource);
      methods.push(resource.addMethod('GET', integrationOf(agent), authorization));
      this.allowPreflight(resource, 'GET');

      const runs = resource.addResource('runs');
      const schema = documents.models.get(name);
      const validation: MethodOptions = schema
        ? {
            ...validators,
            requestModels: { 'application/json': this.restApi.addModel(`${name}-input`, { schema }) },
          }
        : {};
      methods.push(runs.addMethod('POST', integrationOf(agent), { ...authorization, ...validation }));
      this.allowPreflight(runs, 'POST');

      for (const { path, methods: verbs } of DOORS) {
        const door = resource.resourceForPath(path);
        for (const verb of verbs) methods.push(door.addMethod(verb, integrationOf(agent), authorization));
        this.allowPreflight(door, ...verbs);
      }
    }
    return methods;
  }

  private addStaticMethod(resource: IResource, template: string, authorization: MethodOptions): Method {
    const [integration, options] = staticAnswer(template, this.corsOrigin);
    this.allowPreflight(resource, 'GET');
    return resource.addMethod('GET', integration, { ...authorization, ...options });
  }

  private allowPreflight(resource: IResource, ...methods: readonly string[]): void {
    if (this.corsOrigin === undefined) return;
    resource.addCorsPreflight({
      allowOrigins: [this.corsOrigin],
      allowMethods: [...methods],
      allowHeaders: [
        ...Cors.DEFAULT_HEADERS,
        SIGNED_BODY_HEADER,
        DEADLINE_HEADER,
        WORK_CLASS_HEADER,
        PROBE_HEADER,
        ...CLIENT_HEADERS,
      ],
    });
  }
}

/** Permissions to call an API. */
export class AgentApiGrants {
  /** @internal */
  constructor(
    private readonly api: Construct,
    private readonly methods: readonly Method[],
    private readonly usesIam: boolean,
  ) {}

  /**
   * Permits to call every method of the API.
   *
   * @throws ConfigurationError if the API asks for something else than IAM permissions
   */
  public invoke(grantee: IGrantable): Grant {
    assertConfiguration(this.api, (report) => {
      if (this.usesIam) return;
      const message = 'does not look at IAM permissions: leave the grant out, or use ApiAuthorization.iam()';
      report('api/grant-without-iam', 'authorization', message);
    });
    return Grant.addToPrincipal({
      grantee,
      actions: ['execute-api:Invoke'],
      resourceArns: this.methods.map(({ methodArn }) => methodArn),
    });
  }
}

/** The account has one, so two would replace each other. */
function accountSettingIn(stack: Stack): CfnAccount | undefined {
  return stack.node.findAll().find((construct) => construct instanceof CfnAccount);
}
