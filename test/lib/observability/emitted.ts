import { Token } from 'aws-cdk-lib';
import { RUN_ERROR_KINDS } from '../../../core/telemetry/metrics';
import { publishAdmission, publishMetrics } from '../../../lambda/telemetry/metrics';
import { OutputOfProcess } from '../../lambda/telemetry/output';
import { callOf, nodeOf, recordOf } from '../../lambda/telemetry/record';

/** The name of the function where there is none, as here. */
export const FUNCTION_NAME = 'local';

/**
 * A metric by its namespace, name and dimensions, in one text. The only dimension that is known at deployment is the
 * name of the function.
 */
export const keyOf = (namespace: string, name: string, dimensions: Readonly<Record<string, unknown>>) => {
  const shown = (value: unknown) => (typeof value === 'string' && !Token.isUnresolved(value) ? value : FUNCTION_NAME);
  const pairs = Object.entries(dimensions).map(([key, value]) => `${key}=${shown(value)}`);
  return `${namespace} ${name} ${pairs.sort().join()}`;
};

/** Every metric that the runtime publishes of the agent of `agentGraph(name)`, by its key, with its unit. */
export function emittedBy(agent: string): ReadonlyMap<string, string> {
  const paid = callOf({ costUsd: 0.01, usage: { inputTokens: 12, outputTokens: 34 } });
  const eventful = callOf({ hedges: 1, spills: [{ alternative: 0, why: 'busy' }], from: 'shared' });
  const nodes = {
    plan: nodeOf({ calls: [paid] }),
    facts: nodeOf({ calls: [paid, eventful] }),
    answer: nodeOf({ calls: [] }),
  };
  const record = recordOf({ graph: agent, status: 'failed', nodes, copySeconds: 1 });
  return emittedOf(() => {
    publishAdmission(agent, 'RefusedRequests');
    publishAdmission(agent, 'UncheckedRequests');
    publishMetrics({ ...record, status: 'cancelled' }, 'cancelled');
    for (const kind of RUN_ERROR_KINDS) publishMetrics(record, kind, 100);
  });
}

/** Every metric that something publishes, by its key, with its unit. */
export function emittedOf(publish: () => void): ReadonlyMap<string, string> {
  const output = new OutputOfProcess();
  try {
    publish();
  } finally {
    output.restore();
  }
  return new Map(output.lines.flatMap((line) => metricsIn(JSON.parse(line))));
}

function metricsIn(document: any): [string, string][] {
  return document._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }: any) =>
    Dimensions.flatMap((names: string[]) =>
      Metrics.map(({ Name, Unit }: any) => [
        keyOf(Namespace, Name, Object.fromEntries(names.map((name) => [name, document[name]]))),
        Unit,
      ]),
    ),
  );
}
