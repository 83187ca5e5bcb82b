import { controlPlane } from '../../../lambda/warmer/control-plane';
import { Service, useAws } from '../backends/service';

let service: Service;

beforeAll(async () => {
  service = await Service.start();
  useAws(service, 'AWS_ENDPOINT_URL_APPLICATION_AUTO_SCALING');
});

afterAll(() => service.stop());

const tracking = (PredefinedMetricType: string, TargetValue: number) => ({
  PolicyType: 'TargetTrackingScaling',
  TargetTrackingScalingPolicyConfiguration: { TargetValue, PredefinedMetricSpecification: { PredefinedMetricType } },
});

test.each([
  ['that of the concurrency, whatever else is tracked', 4],
  ['none, if nothing tracks it', undefined],
])('the target of a component is %s', async (_, expected) => {
  const others = [{ PolicyType: 'StepScaling' }, tracking('SageMakerVariantInvocationsPerInstance', 70)];
  const concurrency = 'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution';
  const ScalingPolicies = expected === undefined ? others : [...others, tracking(concurrency, expected)];
  service.replies((response) => response.end(JSON.stringify({ ScalingPolicies })));
  const target = await controlPlane().targetConcurrency({ inferenceComponentName: 'writer' });
  expect(target).toBe(expected);
  expect(JSON.parse(service.received[0]!.body)).toMatchObject({ ResourceId: 'inference-component/writer' });
});
