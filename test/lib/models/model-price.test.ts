import { Token } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { model } from '../../../core/graph/component';
import { PRICES_AS_OF } from '../../../lib';
import { ImportedModel } from '../../../lib/models/imported-model';
import type { ImportedModelOptions } from '../../../lib/models/imported-model-ref';
import { importedModel, modelStack } from './model-stack';

const ARN = 'arn:aws:bedrock:us-east-1:123456789012:imported-model/abcdefghijkl';

function priceOf(options: ImportedModelOptions): unknown {
  const stack = modelStack();
  const grantee = new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const binding = importedModel(stack, options).bind({
    scope: stack,
    grantee,
    component: model('writer'),
    isStreamed: false,
  });
  return stack.resolve(binding).price;
}

const source = 'https://aws.amazon.com/bedrock/pricing/ (us-east-1, 2026-07)';

test('a call pays its share of the units of a copy', () => {
  expect(priceOf({ customModelUnits: 2 })).toEqual({ perCopyHourUsd: 2 * 0.05718 * 60, source });
  expect(priceOf({ customModelUnits: 2, concurrencyPerCopy: 8 })).toEqual({
    perCopyHourUsd: 2 * 0.05718 * 60,
    concurrencyPerCopy: 8,
    source,
  });
});

test('a price of the author counts in place of that of the units', () => {
  expect(priceOf({ customModelUnits: 2, price: { perCallUsd: 1 } })).toEqual({ perCallUsd: 1 });
});

test.each<[string, ImportedModelOptions]>([
  ['said', {}],
  ['known before deployment', { customModelUnits: Token.asNumber({ Ref: 'Units' }) }],
])('where the units are not %s, there is no price', (_, options) => {
  expect(priceOf(options)).toBeUndefined();
});

test.each<[ImportedModelOptions, string]>([
  [{ customModelUnits: 0 }, 'customModelUnits: must be a number above 0, got: 0 [imported-model/copies]'],
  [
    { customModelUnits: 1, concurrencyPerCopy: -1 },
    'concurrencyPerCopy: must be a number above 0, got: -1 [imported-model/copies]',
  ],
  [
    { concurrencyPerCopy: 4 },
    'concurrencyPerCopy: needs customModelUnits, which tell what a copy costs [imported-model/copies]',
  ],
])('%j is refused', (options, fault) => {
  expect(() => importedModel(modelStack(), options)).toThrow(fault);
  expect(() => ImportedModel.fromModelArn(modelStack(), 'Existing', ARN, options)).toThrow(fault);
});

test('the lists of prices say where they are from, and of when', () => {
  for (const { url, date } of Object.values(PRICES_AS_OF)) {
    expect(new URL(url).hostname).toBe('aws.amazon.com');
    expect(date).toMatch(/^20\d\d-(0[1-9]|1[0-2])$/);
  }
});
