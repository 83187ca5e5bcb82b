import { type Stack, Token } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { model } from '../../../core/graph/component';
import type { IComponent } from '../../../lib/component';
import { InferenceComponent } from '../../../lib/fleet/inference-component';
import { InferenceFleet } from '../../../lib/fleet/inference-fleet';
import { InferenceInstanceType } from '../../../lib/fleet/instance-type';
import { artifact, component, existingFleet, newFleet, stackInRegion } from './component-world';

/** A copy of one GPU takes a fourth of an ml.g6.12xlarge, which costs 5.752 dollars an hour. */
const perCopyHourUsd = 5.752 / 4;
const source = 'https://aws.amazon.com/sagemaker/ai/pricing/ (us-west-2, 2026-11)';

/** The price in the binding, as it is deployed. */
function priceOf(stack: Stack, made: IComponent): unknown {
  const grantee = new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  return stack.resolve(made.bind({ scope: stack, grantee, component: model('writer'), isStreamed: false })).price;
}

test('a call of a component pays its share of a copy, which is a share of an instance', () => {
  const stack = stackInRegion();
  const writer = component(stack, { fleet: newFleet(stack) });
  writer.autoScaleCopies({ min: 0, max: 2, targetConcurrency: 6 });
  expect(priceOf(stack, writer)).toEqual({ perCopyHourUsd, concurrencyPerCopy: 6, source });
});

test('it makes no difference whether scaling comes before or after what is bound', () => {
  const stack = stackInRegion();
  const writer = component(stack, { fleet: newFleet(stack) });
  const { price } = writer;
  writer.autoScaleCopies({ min: 0, max: 2, targetConcurrency: 6 });
  expect(stack.resolve(price)).toEqual({ perCopyHourUsd, concurrencyPerCopy: 6, source });
});

test('a call of a component whose copies do not scale pays for a whole copy', () => {
  const stack = stackInRegion();
  expect(priceOf(stack, component(stack, { fleet: newFleet(stack) }))).toEqual({
    perCopyHourUsd,
    concurrencyPerCopy: 1,
    source,
  });
});

test('a price of the author counts in place of the list price', () => {
  const stack = stackInRegion();
  const price = { perCopyHourUsd: 0.9, concurrencyPerCopy: 12 };
  expect(priceOf(stack, component(stack, { fleet: newFleet(stack), price }))).toEqual(price);
});

test.each<[string, (stack: Stack) => InferenceComponent]>([
  ['the fleet is not known', (stack) => component(stack, { fleet: existingFleet(stack) })],
  [
    'the instance type has no price',
    (stack) =>
      component(stack, {
        fleet: new InferenceFleet(stack, 'Fleet', {
          instanceTypes: [InferenceInstanceType.of('ml.inf2.24xlarge')],
          minInstances: 0,
          maxInstances: 1,
        }),
      }),
  ],
  [
    'what a copy reserves is known only at deployment',
    (stack) =>
      component(stack, {
        fleet: newFleet(stack),
        resources: { accelerators: 1, memoryMiB: Token.asNumber({ Ref: 'Memory' }) },
      }),
  ],
])('where %s, there is no price', (_, make) => {
  const stack = stackInRegion();
  expect(priceOf(stack, make(stack))).toBeUndefined();
});

test('an adapter costs what its base costs, whose copies serve it, unless it has a price itself', () => {
  const stack = stackInRegion();
  const base = component(stack, { fleet: newFleet(stack) });
  const adapter = base.addAdapter('Legal', { artifact: artifact(stack) });
  expect(priceOf(stack, adapter)).toEqual({ perCopyHourUsd, concurrencyPerCopy: 1, source });
  const price = { perCallUsd: 1 };
  expect(base.addAdapter('Tax', { artifact: artifact(stack, 'tax.tar.gz'), price }).price).toEqual(price);
});

test('of a component that exists only its author knows the price', () => {
  const stack = stackInRegion();
  const names = { inferenceComponentName: 'writer', endpointName: 'gpu' };
  const price = { perCopyHourUsd: 2 };
  const existing = InferenceComponent.fromInferenceComponentAttributes(stack, 'Existing', { ...names, price });
  expect(priceOf(stack, existing)).toEqual(price);
});
