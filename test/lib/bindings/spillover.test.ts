import { FoundationModel } from '../../../lib/bindings/foundation-model';
import { HttpService } from '../../../lib/bindings/http-service';
import { LambdaTool } from '../../../lib/bindings/lambda-tool';
import { SageMakerEndpoint } from '../../../lib/bindings/sagemaker-endpoint';
import { Spillover } from '../../../lib/bindings/spillover';
import { Binder, chat, openAiChat, search } from './binder';

const dedicated = SageMakerEndpoint.fromEndpointName('gpu', { inferenceComponentName: 'writer' });
const service = new HttpService({ url: 'https://models.example.com/v1', model: 'qwen3-8b' });
const keyed = new HttpService({
  url: 'https://models.example.com/v1',
  model: 'qwen3-8b',
  headers: { 'x-team': 'SECRET' },
});

test('a component is bound to all backends in their order, and may be called at each', () => {
  const binder = new Binder();
  const fallback = LambdaTool.fromFunction(binder.function('Fallback'));
  const spillover = Spillover.of([dedicated, fallback], {
    when: { throttled: false, maxInFlight: 8 },
    breaker: { minCalls: 5 },
  });
  expect(binder.bind(spillover, openAiChat)).toEqual({
    type: 'spillover',
    alternatives: [
      { type: 'sagemaker', endpointName: 'gpu', inferenceComponentName: 'writer' },
      { type: 'lambda', functionName: { 'Fn::GetAtt': [expect.stringMatching(/^Fallback/), 'Arn'] } },
    ],
    when: { throttled: false, maxInFlight: 8 },
    breaker: { minCalls: 5 },
  });
  expect(binder.statements()).toMatchObject([
    { Action: 'sagemaker:InvokeEndpoint' },
    { Action: 'lambda:InvokeFunction' },
  ]);
});

test('if answers stream, each backend may be called for such', () => {
  const binder = new Binder();
  const bedrock = FoundationModel.fromModelId('openai.gpt-oss-20b-1:0');
  binder.bind(Spillover.of([dedicated, bedrock]), openAiChat, true);
  expect(binder.statements()).toMatchObject([
    { Action: ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream'] },
    { Action: 'bedrock:InvokeModel' },
    { Action: 'bedrock:InvokeModelWithResponseStream' },
  ]);
});

test('without options it is the list of its backends', () => {
  expect(Object.keys(new Binder().bind(Spillover.of([dedicated, service]), openAiChat))).toEqual([
    'type',
    'alternatives',
  ]);
});

test('the faults of every backend are told, and which it is', () => {
  const binder = new Binder();
  const fn = LambdaTool.fromFunction(binder.function('Fallback'));
  const model = FoundationModel.fromModelId('amazon.nova-pro-v1:0');
  const faults = binder.faults(Spillover.of([dedicated, model, fn]), chat);
  expect(faults).toHaveLength(2);
  expect(faults[0]).toMatch(/^\[binding\/format\] alternatives\[0\]\.format: has the format converse/);
  expect(faults[1]).toMatch(/^\[binding\/format\] alternatives\[2\]\.format: has the format converse/);
});

test.each([
  [
    'a single backend',
    Spillover.of([dedicated]),
    '[spillover/too-few] alternatives: must be two or more; bind the component to a single one itself, got: 1',
  ],
  [
    'the same backend twice',
    Spillover.of([dedicated, service, dedicated]),
    '[spillover/twice] alternatives[2]: must not be alternatives[0] again: {"type":"sagemaker","endpointName":"gpu","inferenceComponentName":"writer"}',
  ],
  [
    "the same service twice, whose headers are nobody else's affair,",
    Spillover.of([keyed, keyed]),
    '[spillover/twice] alternatives[1]: must not be alternatives[0] again: {"type":"http","url":"https://models.example.com/v1","model":"qwen3-8b"}',
  ],
  [
    'a spillover in another',
    Spillover.of([Spillover.of([dedicated, service]), LambdaTool.fromFunction(new Binder().function('Other'))]),
    '[spillover/nested] alternatives[0]: must be one backend: list those of the inner spillover here',
  ],
  [
    'what a backend of somebody else returns, if the runtime does not take it,',
    Spillover.of([dedicated, { bind: () => undefined as never }]),
    '[agent/binding] alternatives[1]: binding.type must be one of sagemaker, bedrock, lambda, http, spillover',
  ],
])('%s is refused', (_, spillover, fault) => {
  expect(new Binder().faults(spillover, openAiChat)).toEqual([fault]);
});

test('its capacity is that of the first backend that has any', () => {
  const capacityMetrics = {};
  const owned = { bind: () => ({ type: 'http', url: 'http://gpu' }) as const, capacityMetrics };
  expect(Spillover.of([service, owned]).capacityMetrics).toBe(capacityMetrics);
  expect(Spillover.of([service, dedicated])).not.toHaveProperty('capacityMetrics', expect.anything());
  expect(new Binder().faults(Spillover.of([service, owned]), search)).toEqual([]);
});
