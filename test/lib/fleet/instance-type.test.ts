import { CfnParameter, Stack } from 'aws-cdk-lib';
import { INSTANCE_FACTS } from '../../../core/serving/instance-facts';
import { InferenceInstanceType } from '../../../lib/fleet/instance-type';

test.each([
  ['ml.g5.xlarge', { accelerators: 1, memoryGiB: 16, vcpus: 4, hasNvme: true }],
  ['ml.g6.12xlarge', { accelerators: 4, memoryGiB: 192, vcpus: 48, hasNvme: true }],
  ['ml.g6e.48xlarge', { accelerators: 8, memoryGiB: 1536, vcpus: 192, hasNvme: true }],
  ['ml.p5.48xlarge', { accelerators: 8, memoryGiB: 2048, vcpus: 192, hasNvme: true }],
  ['ml.inf2.48xlarge', { accelerators: 12, memoryGiB: 768, vcpus: 192, hasNvme: false }],
  ['ml.m5.xlarge', { accelerators: 0, memoryGiB: 16, vcpus: 4, hasNvme: false }],
  ['ml.c7i.large', { accelerators: 0, memoryGiB: 4, vcpus: 2, hasNvme: false }],
  ['ml.r6i.32xlarge', { accelerators: 0, memoryGiB: 1024, vcpus: 128, hasNvme: false }],
])('%s is known', (name, facts) => {
  expect(InferenceInstanceType.of(name).facts).toMatchObject(facts);
});

test('the constants are types of the table under their own names', () => {
  const constants = Object.entries(InferenceInstanceType);
  expect(constants.length).toBeGreaterThan(20);
  for (const [constant, type] of constants) {
    const { name, facts } = type as InferenceInstanceType;
    expect(name.slice('ml.'.length).replace('.', '_').toUpperCase()).toBe(constant);
    expect(facts).toBe(INSTANCE_FACTS.get(name));
    expect(facts).toBeDefined();
  }
});

test('facts that are given go before those of the table', () => {
  const facts = { accelerators: 2, memoryGiB: 8, vcpus: 2, hasNvme: false };
  expect(InferenceInstanceType.of('ml.g5.xlarge', facts).facts).toBe(facts);
  expect(InferenceInstanceType.of('ml.new.xlarge', facts).facts).toBe(facts);
});

test('nothing is known of a new type, and of one that is chosen at deployment', () => {
  const parameter = new CfnParameter(new Stack(), 'InstanceType');
  expect(InferenceInstanceType.of('ml.new.xlarge').facts).toBeUndefined();
  expect(InferenceInstanceType.of(parameter.valueAsString).facts).toBeUndefined();
});

test('a type shows as its name', () => {
  expect(InferenceInstanceType.P4D_24XLARGE.toString()).toBe('ml.p4d.24xlarge');
});
