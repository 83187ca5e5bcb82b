import { Duration } from 'aws-cdk-lib';
import { LambdaIntegration } from 'aws-cdk-lib/aws-apigateway';
import type { IConstruct } from 'constructs';
import { warn } from '../../private/checks';
import type { IAgent } from '../agent-ref';

/** How long API Gateway waits unless the account's quota is raised (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html). */
const DEFAULT_TIMEOUT = Duration.seconds(29);

/** How much longer than a run may take the gateway waits, so that a run which used all its time is still answered. */
const MARGIN = Duration.seconds(1);

/** One for each method: that of runs is where an answer may come to stream. */
export function integrationOf(agent: IAgent): LambdaIntegration {
  return new LambdaIntegration(agent.function, { timeout: timeoutOf(agent), allowTestInvoke: false });
}

/** Tells of agents that may take longer than the gateway waits by default. */
export function warnOfTimeouts(api: IConstruct, agents: readonly IAgent[]): void {
  const slow = agents.filter((agent) => isAboveQuota(timeoutOf(agent)));
  if (slow.length === 0) return;
  const times = slow.map((agent) => `${agent.graph.name} ${timeoutOf(agent).toSeconds({ integral: false })} s`);
  warn(
    api,
    'api/timeout-above-default-quota',
    `API Gateway waits 29 s for an answer unless the quota L-E5AE38E3 of the account is raised, but these agents may ` +
      `take longer: ${times.join(', ')}; the deployment fails without that`,
  );
}

/** Never less than the default: to give up earlier than the function would save nothing. */
function timeoutOf({ deadline }: IAgent): Duration {
  if (deadline.isUnresolved()) return deadline;
  const timeout = deadline.plus(MARGIN);
  return isAboveQuota(timeout) ? timeout : DEFAULT_TIMEOUT;
}

function isAboveQuota(timeout: Duration): boolean {
  return !timeout.isUnresolved() && timeout.toMilliseconds() > DEFAULT_TIMEOUT.toMilliseconds();
}
