import { NestedStack, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { model as modelComponent } from '../../../core/graph';
import { ImportedModel } from '../../../lib/models/imported-model';
import { ModelArchitecture } from '../../../lib/models/imported-model-architecture';
import type { ImportedModelOptions } from '../../../lib/models/imported-model-ref';
import { ENV, importedModel, modelStack, statements } from './model-stack';

const ARN = 'arn:aws:bedrock:us-east-1:123456789012:imported-model/abcdefghijkl';
const KEY_ARN = 'arn:aws:kms:us-east-1:123456789012:key/models';

/** An existing model in a stack with somebody who may call it. */
function existing(options: ImportedModelOptions = {}, arn = ARN) {
  const stack = modelStack();
  const grantee = new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const model = ImportedModel.fromModelArn(stack, 'Writer', arn, options);
  const bind = (format: 'openai-chat' | 'converse' = 'openai-chat') =>
    model.bind({ scope: stack, grantee, component: modelComponent('writer', { format }), isStreamed: false });
  return { stack, grantee, model, bind };
}

test('binding permits to call the model, and nothing else', () => {
  const { stack, bind } = existing();
  expect(bind()).toEqual({ type: 'bedrock', modelId: ARN });
  expect(statements(stack, /^Caller/)).toEqual([
    {
      Effect: 'Allow',
      Action: 'bedrock:InvokeModel',
      Resource: ARN,
    },
  ]);
});

test('a model of this stack is bound by the ARN that its import yields, and may stream if it is to', () => {
  const stack = modelStack();
  const grantee = new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const model = importedModel(stack);
  const binding = model.bind({ scope: stack, grantee, component: modelComponent('writer'), isStreamed: true });
  const arn = { 'Fn::GetAtt': [expect.stringMatching(/^Writer/), 'ModelArn'] };
  expect(stack.resolve(binding)).toEqual({ type: 'bedrock', modelId: arn });
  expect(statements(stack, /^Caller/)).toEqual([
    { Effect: 'Allow', Action: 'bedrock:InvokeModel', Resource: arn },
    { Effect: 'Allow', Action: 'bedrock:InvokeModelWithResponseStream', Resource: arn },
  ]);
});

test('a binding tells the price, and the Region if the model is elsewhere', () => {
  const price = { perMillionOutputTokensUsd: 2 };
  const elsewhere = ARN.replace('us-east-1', 'us-west-2');
  expect(existing({ price }, elsewhere).bind()).toEqual({
    type: 'bedrock',
    modelId: elsewhere,
    region: 'us-west-2',
    price,
  });
});

test('callers of a model with a key may decrypt with it by way of Bedrock', () => {
  const stack = modelStack();
  const encryptionKey = Key.fromKeyArn(stack, 'Key', KEY_ARN);
  const grantee = new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  ImportedModel.fromModelArn(stack, 'Writer', ARN, { encryptionKey }).grants.invoke(grantee);
  expect(statements(stack, /^Caller/)[1]).toEqual({
    Effect: 'Allow',
    Action: 'kms:Decrypt',
    Resource: KEY_ARN,
    Condition: { StringEquals: { 'kms:ViaService': 'bedrock.us-east-1.amazonaws.com' } },
  });
});

test('Converse is refused for architectures that are known not to have it', () => {
  const { bind } = existing({ architecture: ModelArchitecture.QWEN3 });
  expect(() => bind('converse')).toThrow(
    'Support/Writer has 1 fault(s):\n  format: has the format converse, which Bedrock does not offer for imported Qwen3 models; declare openai-chat [binding/format]',
  );
  expect(bind('openai-chat')).toMatchObject({ type: 'bedrock' });
});

test.each([
  ['unknown', {}],
  ['not listed', { architecture: ModelArchitecture.of('Falcon') }],
  ['known to have it', { architecture: ModelArchitecture.of('Falcon', { supportsConverse: true }) }],
])('Converse is accepted for an architecture that is %s', (_, options) => {
  expect(existing(options).bind('converse')).toMatchObject({ type: 'bedrock' });
});

test.each([
  ['metricInvocations', 'Invocations', 'Sum'],
  ['metricInvocationLatency', 'InvocationLatency', 'Average'],
  ['metricInvocationClientErrors', 'InvocationClientErrors', 'Sum'],
  ['metricInvocationServerErrors', 'InvocationServerErrors', 'Sum'],
  ['metricInvocationThrottles', 'InvocationThrottles', 'Sum'],
  ['metricInputTokenCount', 'InputTokenCount', 'Sum'],
  ['metricOutputTokenCount', 'OutputTokenCount', 'Sum'],
  ['metricModelCopy', 'ModelCopy', 'Maximum'],
] as const)('%s reads %s as %s', (method, metricName, statistic) => {
  const stack = modelStack();
  const metric = importedModel(stack)[method]();
  expect(metric).toMatchObject({ namespace: 'AWS/Bedrock', metricName, statistic });
  expect(stack.resolve(metric.dimensions)).toEqual({
    ModelId: { 'Fn::GetAtt': [expect.stringMatching(/^Writer/), 'ModelArn'] },
  });
});

test('a metric can be read in another way, and one that is not listed is an average', () => {
  const model = importedModel(modelStack());
  expect(model.metricInvocationLatency({ statistic: 'p95' }).statistic).toBe('p95');
  expect(model.metric('TimeToFirstToken').statistic).toBe('Average');
});

test('the copies in service are what is known of its capacity', () => {
  expect(existing().model.capacityMetrics).toEqual({
    copiesInService: expect.objectContaining({ metricName: 'ModelCopy' }),
  });
});

test('users find the grant by the name they know', () => {
  const { stack, grantee } = existing();
  importedModel(stack, {}, 'Reader').grantInvoke(grantee);
  expect(statements(stack, /^Caller/)).toEqual([expect.objectContaining({ Action: 'bedrock:InvokeModel' })]);
});

describe('a caller', () => {
  const WARNING = 'cdk-compound-inference:imported-model/other-stack';
  const roleIn = (scope: Construct) =>
    new Role(scope, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const warningsOf = (call: (stack: Stack, model: ImportedModel) => void) => {
    const stack = modelStack();
    call(stack, importedModel(stack));
    return Annotations.fromStack(stack)
      .findWarning('*', Match.stringLikeRegexp(WARNING))
      .map(({ entry }) => entry.data);
  };

  test('in another stack than the model is warned of, since new weights would cut it off', () => {
    const otherStack = (stack: Stack) => new Stack(stack.node.root, 'Agents', { env: ENV });
    const bound = warningsOf((stack, model) => {
      const scope = otherStack(stack);
      model.bind({ scope, grantee: roleIn(scope), component: modelComponent('writer'), isStreamed: true });
    });
    expect(bound).toEqual([
      'is called from stack Agents, which new weights would cut off: their model has another ARN, and CloudFormation refuses to change ' +
        'what another stack imports, or, if references are weak, deletes the former model before that stack knows the new one: move the ' +
        'model into that stack, or acknowledge this and give new weights an ImportedModel of their own, as the guide on imported models ' +
        `says [ack: ${WARNING}]`,
    ]);
    expect(warningsOf((stack, model) => void model.grants.invoke(roleIn(otherStack(stack))))).toHaveLength(1);
  });

  test('in a nested stack beside the model is not, because both are updated together', () => {
    expect(warningsOf((stack, model) => void model.grants.invoke(roleIn(new NestedStack(stack, 'Agents'))))).toEqual(
      [],
    );
  });

  test('of a model that exists is not, because its ARN stays', () => {
    const unwarned = warningsOf((stack) => {
      const model = ImportedModel.fromModelArn(stack, 'Existing', ARN);
      model.grants.invoke(roleIn(new Stack(stack.node.root, 'Agents', { env: ENV })));
    });
    expect(unwarned).toEqual([]);
  });

  test('that is no construct is not judged', () => {
    const principal = new ServicePrincipal('lambda.amazonaws.com');
    expect(warningsOf((_, model) => void model.grants.invoke({ grantPrincipal: principal }))).toEqual([]);
  });
});
