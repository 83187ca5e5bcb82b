import { type IMetric, type Metric, SearchExpression } from 'aws-cdk-lib/aws-cloudwatch';

/**
 * Most nodes that a graph shows by name, in the order of the agent: more lines can hardly be told apart. A node is in ten graphs of a
 * dashboard, which has room for 2,500 metrics, in a template of 1 MB.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
export const NODES_BY_NAME = 50;

/** A line for each node, or for each component of each plan: by name, or by a search if they are many. */
export function nodeLines<T>(shown: readonly T[], metric: (each: T) => Metric): IMetric[] {
  const metrics = shown.map(metric);
  return metrics.length > NODES_BY_NAME ? [ofEveryNode(metrics[0]!)] : metrics;
}

/**
 * What a metric of one node is, of all nodes of its agent; each line has the name of its node, and of a plan that of the component.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/graph-dynamic-labels.html
 */
function ofEveryNode({ namespace, metricName, dimensions, statistic, period }: Metric): SearchExpression {
  const { node, component, ...shared } = dimensions ?? {};
  const varying = Object.keys({ node, ...(component !== undefined && { component }) });
  const schema = [namespace, ...Object.keys(shared), ...varying].join();
  const terms = Object.entries({ MetricName: metricName, ...shared }).map(([name, value]) => `${name}="${value}"`);
  return new SearchExpression({
    expression: `SEARCH('{${schema}} ${terms.join(' ')}', '${statistic}', ${period.toSeconds()})`,
    label: varying.map((name) => `\${PROP('Dim.${name}')}`).join(' '),
    period,
  });
}
