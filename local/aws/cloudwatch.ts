import { readRecord } from './cloudwatch-input';
import { getMetricData } from './get-metric-data';
import { AwsError } from './http';
import type { LocalAws } from './local-aws';
import type { MetricId } from './metrics/metric-store';
import { putMetricData } from './put-metric-data';
import { listOf } from './read-json';
import type { RpcInput, RpcService } from './rpc-service';

/**
 * The metrics of CloudWatch: those of the world's models, and those that are put.
 *
 * Their times are the world's: the moment at which the stack began, and on from there at the speed of its clock.
 */
export const cloudwatch: RpcService = {
  name: 'CloudWatch',
  targetPrefix: 'GraniteServiceVersion20100801',
  operations: new Map([
    ['GetMetricData', getMetricData],
    ['ListMetrics', listMetrics],
    ['PutMetricData', putMetricData],
  ]),
  // The service began with the query protocol, and its clients still look for that one's error codes.
  rangeError: (message) =>
    new AwsError(
      400,
      'InvalidParameterValueException',
      { __type: 'com.amazonaws.cloudwatch#InvalidParameterValueException', message },
      { 'x-amzn-query-error': 'InvalidParameterValue;Sender' },
    ),
};

/** Every match on one page: a local stack has few metrics. */
function listMetrics({ metrics }: LocalAws, input: RpcInput): object {
  const { Namespace, MetricName } = input;
  const dimensions = listOf(input.Dimensions ?? [], 'Dimensions').map((each, at) =>
    readRecord(each, `Dimensions[${at}]`),
  );
  const matches = (id: MetricId) =>
    id.Namespace === (Namespace ?? id.Namespace) &&
    id.MetricName === (MetricName ?? id.MetricName) &&
    dimensions.every((wanted) =>
      id.Dimensions.some(({ Name, Value }) => Name === wanted.Name && Value === (wanted.Value ?? Value)),
    );
  return { Metrics: metrics.ids.filter(matches) };
}
