import { FoundationModel as CdkModel, FoundationModelIdentifier, ProvisionedModel } from 'aws-cdk-lib/aws-bedrock';
import { FoundationModel } from '../../../lib/bindings/foundation-model';
import { InferenceProfile } from '../../../lib/bindings/inference-profile';
import { arn, Binder, chat, openAiChat, PARTITION } from './binder';

const ACCOUNT = { Ref: 'AWS::AccountId' };
const REGION = { Ref: 'AWS::Region' };

describe('FoundationModel', () => {
  test('is called by its id, and permitted alone', () => {
    const binder = new Binder();
    const model = FoundationModel.fromModelId('amazon.nova-lite-v1:0', { price: { perMillionInputTokensUsd: 0.06 } });
    expect(binder.bind(model)).toEqual({
      type: 'bedrock',
      modelId: 'amazon.nova-lite-v1:0',
      price: { perMillionInputTokensUsd: 0.06 },
    });
    expect(binder.statements()).toEqual([
      {
        Effect: 'Allow',
        Action: 'bedrock:InvokeModel',
        Resource: arn('arn:', PARTITION, ':bedrock:', REGION, '::foundation-model/amazon.nova-lite-v1:0'),
      },
    ]);
  });

  test('in another region is called and permitted there', () => {
    const binder = new Binder();
    expect(binder.bind(FoundationModel.fromModelId('amazon.nova-lite-v1:0', { region: 'eu-west-1' }))).toEqual({
      type: 'bedrock',
      modelId: 'amazon.nova-lite-v1:0',
      region: 'eu-west-1',
    });
    expect(binder.statements()).toMatchObject([
      { Resource: arn('arn:', PARTITION, ':bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0') },
    ]);
  });

  test('is permitted to stream where its text is read while it is written', () => {
    const binder = new Binder();
    binder.bind(FoundationModel.fromModelId('amazon.nova-lite-v1:0'), chat, true);
    expect(binder.statements()).toMatchObject([
      { Action: 'bedrock:InvokeModel' },
      { Action: 'bedrock:InvokeModelWithResponseStream' },
    ]);
  });

  test('of the CDK is called and permitted by its ARN', () => {
    const binder = new Binder();
    const id = FoundationModelIdentifier.AMAZON_NOVA_LITE_V1_0;
    const model = CdkModel.fromFoundationModelId(binder.stack, 'Nova', id);
    const modelArn = arn('arn:', PARTITION, ':bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0');
    expect(binder.bind(FoundationModel.fromModel(model))).toEqual({ type: 'bedrock', modelId: modelArn });
    expect(binder.statements()).toMatchObject([{ Action: 'bedrock:InvokeModel', Resource: modelArn }]);
  });

  test('with provisioned throughput elsewhere is called there', () => {
    const binder = new Binder();
    const modelArn = 'arn:aws:bedrock:us-west-2:111122223333:provisioned-model/abc123';
    const model = ProvisionedModel.fromProvisionedModelArn(binder.stack, 'Provisioned', modelArn);
    expect(binder.bind(FoundationModel.fromModel(model))).toEqual({
      type: 'bedrock',
      modelId: modelArn,
      region: 'us-west-2',
    });
  });

  test.each([
    [
      'us.amazon.nova-lite-v1:0',
      '"us.amazon.nova-lite-v1:0" is an inference profile: use InferenceProfile.fromProfileId, which permits the models behind it',
    ],
    [
      'arn:aws:bedrock:us-east-1:111122223333:imported-model/abc',
      '"arn:aws:bedrock:us-east-1:111122223333:imported-model/abc" is an ARN: use fromModel, or the construct for its kind',
    ],
  ])('%s is none', (modelId, message) => {
    expect(new Binder().faults(FoundationModel.fromModelId(modelId))).toEqual([
      `[binding/model-id] modelId: ${message}`,
    ]);
  });
});

describe('InferenceProfile', () => {
  test('is permitted, and through it the model in every region', () => {
    const binder = new Binder();
    const profileId = 'us.anthropic.claude-sonnet-4-20250514-v1:0';
    expect(binder.bind(InferenceProfile.fromProfileId(profileId))).toEqual({ type: 'bedrock', modelId: profileId });
    const profileArn = arn('arn:', PARTITION, ':bedrock:', REGION, ':', ACCOUNT, `:inference-profile/${profileId}`);
    expect(binder.statements()).toEqual([
      { Effect: 'Allow', Action: 'bedrock:InvokeModel', Resource: profileArn },
      {
        Effect: 'Allow',
        Action: 'bedrock:InvokeModel',
        Resource: arn('arn:', PARTITION, ':bedrock:*::foundation-model/anthropic.claude-sonnet-4-20250514-v1:0'),
        Condition: { ArnEquals: { 'bedrock:InferenceProfileArn': profileArn } },
      },
    ]);
  });

  test('of an application is called by its ARN', () => {
    const binder = new Binder();
    const profileArn = 'arn:aws:bedrock:eu-west-1:111122223333:application-inference-profile/abc';
    const profile = InferenceProfile.fromApplicationProfileAttributes({
      profileArn,
      modelId: 'amazon.nova-lite-v1:0',
      price: { perCallUsd: 0 },
    });
    expect(binder.bind(profile)).toEqual({
      type: 'bedrock',
      modelId: profileArn,
      region: 'eu-west-1',
      price: { perCallUsd: 0 },
    });
    expect(binder.statements()).toMatchObject([
      { Resource: profileArn },
      {
        Resource: arn('arn:', PARTITION, ':bedrock:*::foundation-model/amazon.nova-lite-v1:0'),
        Condition: { ArnEquals: { 'bedrock:InferenceProfileArn': profileArn } },
      },
    ]);
  });

  test('must name its area', () => {
    expect(new Binder().faults(InferenceProfile.fromProfileId('amazon.nova-lite-v1:0'))).toEqual([
      '[binding/profile-id] profileId: must name an area, a provider and a model, as in us.amazon.nova-lite-v1:0, got: "amazon.nova-lite-v1:0"; use FoundationModel.fromModelId for a model without a profile',
    ]);
  });
});

const withoutOpenAi = (provider: string) =>
  `[binding/format] format: "${provider}" models of Bedrock do not speak openai-chat: declare format: 'converse' in the graph`;

test.each([
  [FoundationModel.fromModelId('anthropic.claude-3-haiku-20240307-v1:0'), [withoutOpenAi('anthropic')]],
  [InferenceProfile.fromProfileId('eu.amazon.nova-lite-v1:0'), [withoutOpenAi('amazon')]],
  [FoundationModel.fromModelId('openai.gpt-oss-20b-1:0'), []],
])('the default format of models is refused where it is certain to fail', (backend, faults) => {
  expect(new Binder().faults(backend, openAiChat)).toEqual(faults);
});

test('the ARN of a model tells its provider as well', () => {
  const binder = new Binder();
  const id = FoundationModelIdentifier.META_LLAMA_3_8B_INSTRUCT_V1;
  const model = FoundationModel.fromModel(CdkModel.fromFoundationModelId(binder.stack, 'Llama', id));
  expect(binder.faults(model, openAiChat)).toEqual([withoutOpenAi('meta')]);
});
