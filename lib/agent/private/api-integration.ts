import { Duration } from 'aws-cdk-lib';
import {
  AwsIntegration,
  type AwsIntegrationProps,
  type IntegrationConfig,
  type IResource,
  type Method,
  ResponseTransferMode,
} from 'aws-cdk-lib/aws-apigateway';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnFunction, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { known, warn } from '../../private/checks';
import type { IAgent } from '../agent-ref';

/** How long API Gateway waits unless the account's quota is raised (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html). */
const DEFAULT_TIMEOUT = Duration.seconds(29);

/** How much longer than a run may take the gateway waits, so that a run which used all its time is still answered. */
const MARGIN = Duration.seconds(1);

/** One for each method. A function of which one answer streams sends all of them so, and the gateway has to know. */
export function integrationOf(agent: IAgent): AwsIntegration {
  const { functionArn } = agent.function;
  const streams = isStreaming(agent);
  return new FunctionIntegration(ownNameOf(agent.function), {
    service: 'lambda',
    proxy: true,
    path: streams
      ? `2021-11-15/functions/${functionArn}/response-streaming-invocations`
      : `2015-03-31/functions/${functionArn}/invocations`,
    options: { timeout: timeoutOf(agent), ...(streams && { responseTransferMode: ResponseTransferMode.STREAM }) },
  });
}

/** An integration with a function; where that has a name of its own, another one deploys the API anew, as with `LambdaIntegration`. */
class FunctionIntegration extends AwsIntegration {
  constructor(
    private readonly functionName: string | undefined,
    props: AwsIntegrationProps,
  ) {
    super(props);
  }

  public override bind(method: Method): IntegrationConfig {
    const { functionName } = this;
    return { ...super.bind(method), ...(functionName !== undefined && { deploymentToken: functionName }) };
  }
}

/**
 * Permits the stage to call the function of an agent: once, where `LambdaIntegration` makes a permission for each method. The pattern
 * also matches agents of this API whose names begin alike, which call functions of their own.
 */
export function permitCalls(agent: IAgent, resource: IResource): void {
  const { api } = resource;
  agent.function.addPermission('ApiPermission', {
    principal: new ServicePrincipal('apigateway.amazonaws.com'),
    scope: resource,
    sourceArn: api.arnForExecuteApi('*', `${resource.path}*`, api.deploymentStage.stageName),
  });
}

/**
 * Tells of agents whose answers stream: the gateway passes them on as they come.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html
 */
export function warnOfStreams(api: IConstruct, agents: readonly IAgent[]): void {
  const names = agents.filter(isStreaming).map(({ graph }) => graph.name);
  if (names.length === 0) return;
  warn(
    api,
    'api/answers-stream',
    `answers of these agents stream, since their graphs do: ${names.join(', ')}; API Gateway neither caches nor ` +
      'compresses them, nor maps them with templates, and meters each 10 MB as a request',
  );
}

/** Tells of agents that may take longer than the gateway waits by default. The quota is none of those whose answers stream. */
export function warnOfTimeouts(api: IConstruct, agents: readonly IAgent[]): void {
  const slow = agents.filter((agent) => !isStreaming(agent) && isAboveQuota(timeoutOf(agent)));
  if (slow.length === 0) return;
  const times = slow.map((agent) => `${agent.graph.name} ${timeoutOf(agent).toSeconds({ integral: false })} s`);
  warn(
    api,
    'api/timeout-above-default-quota',
    `API Gateway waits 29 s for an answer unless the quota L-E5AE38E3 of the account is raised, but these agents may ` +
      `take longer: ${times.join(', ')}; the deployment fails without that`,
  );
}

/** Undefined if CloudFormation names it, by which it is never another function. */
function ownNameOf(fn: IFunction): string | undefined {
  const resource = fn.node.defaultChild;
  return known(resource instanceof CfnFunction ? resource.functionName : fn.functionName);
}

/** Never less than the default: to give up earlier than the function would save nothing. */
function timeoutOf({ deadline }: IAgent): Duration {
  if (deadline.isUnresolved()) return deadline;
  const timeout = deadline.plus(MARGIN);
  return isAboveQuota(timeout) ? timeout : DEFAULT_TIMEOUT;
}

function isStreaming({ graph }: IAgent): boolean {
  return graph.streams().length > 0;
}

function isAboveQuota(timeout: Duration): boolean {
  return !timeout.isUnresolved() && timeout.toMilliseconds() > DEFAULT_TIMEOUT.toMilliseconds();
}
