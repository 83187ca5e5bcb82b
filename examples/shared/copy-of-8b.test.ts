import { App, Stack } from 'aws-cdk-lib';
import { InferenceFleet, InferenceInstanceType } from 'cdk-compound-inference';
import codeReview from '../code-review/local';
import researchAgent from '../research-agent/local';
import supportAgent from '../support-agent/local';
import { CONCURRENCY_OF_8B, COPY_OF_8B, PRICE_OF_8B } from './copy-of-8b';
import { ModelStore } from './model-store';

test('the price of the local examples is the one that their stacks give to copies', () => {
  const stack = new Stack(new App(), 'Stack');
  const models = new ModelStore(stack, 'Models', {
    bucketName: 'models',
    image: '111122223333.dkr.ecr.us-east-1.amazonaws.com/serving:1',
  });
  const fleet = new InferenceFleet(stack, 'Gpu', {
    instanceTypes: [InferenceInstanceType.of('ml.g6.12xlarge'), InferenceInstanceType.of('ml.g5.12xlarge')],
    minInstances: 0,
    maxInstances: 2,
  });
  const component = fleet.addComponent('Planner', { model: models.onFleet('planner'), resources: COPY_OF_8B });
  component.autoScaleCopies({ min: 0, max: 4, targetConcurrency: CONCURRENCY_OF_8B });
  expect(stack.resolve(component.price)).toEqual(PRICE_OF_8B);
});

test.each([
  ['support', supportAgent],
  ['review', codeReview],
  ['research', researchAgent],
])('every model of %s that has copies on the fleet has that price', (_, { components }) => {
  const onFleet = Object.values(components).filter(({ backend }) => backend.type === 'sagemaker');
  expect(onFleet.length).toBeGreaterThan(0);
  for (const { backend } of onFleet) expect(backend.price).toEqual(PRICE_OF_8B);
});
