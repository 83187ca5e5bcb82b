import { COPY_METRICS, METRICS_NAMESPACE } from '../../../core/telemetry/metrics';
import { copyMetrics } from '../../../lambda/telemetry/copy-metrics';

test('the copies of a component are one metric each, by its name alone', () => {
  expect(copyMetrics('writer', { desired: 3, inService: 1 }, 1_790_000_000_000)).toEqual({
    _aws: {
      Timestamp: 1_790_000_000_000,
      CloudWatchMetrics: [
        {
          Namespace: METRICS_NAMESPACE,
          Dimensions: [['InferenceComponentName']],
          Metrics: [
            { Name: 'CopiesDesired', Unit: 'Count' },
            { Name: 'CopiesInService', Unit: 'Count' },
          ],
        },
      ],
    },
    InferenceComponentName: 'writer',
    CopiesDesired: 3,
    CopiesInService: 1,
  });
});

test('there is a value for every metric that readers know', () => {
  const line = copyMetrics('writer', { desired: 0, inService: 0 }, 0);
  for (const name of Object.keys(COPY_METRICS)) expect(line).toHaveProperty(name, 0);
});
