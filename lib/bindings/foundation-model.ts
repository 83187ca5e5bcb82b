import { Arn, ArnFormat, Aws } from 'aws-cdk-lib';
import type { IModel } from 'aws-cdk-lib/aws-bedrock';
import type { Binding } from '../../core/graph/binding';
import type { ComponentBindOptions, IComponent } from '../component';
import { assertConfiguration, show } from '../private/checks';
import { checkShape } from '../private/shape';
import { BedrockModelGrants } from './bedrock-model-grants';
import type { BindingOptions, RegionalBindingOptions } from './binding-options';
import { checkModelFormat } from './private/format-checks';
import { regionElsewhere } from './private/region';
import { BINDING_OPTIONS } from './private/shapes';

/** Ids of inference profiles begin with the area in which they route. */
const PROFILE_ID = /^(us|us-gov|eu|apac|jp|au|ca|global)\./;

/** A model that Bedrock offers, called on demand. */
export class FoundationModel implements IComponent {
  /**
   * A model by its id, as in `amazon.nova-lite-v1:0`.
   *
   * @see https://docs.aws.amazon.com/bedrock/latest/userguide/models-supported.html
   */
  public static fromModelId(modelId: string, options: RegionalBindingOptions = {}): FoundationModel {
    const { region = Aws.REGION, ...others } = options;
    return new FoundationModel(modelId, `arn:${Aws.PARTITION}:bedrock:${region}::foundation-model/${modelId}`, others);
  }

  /** A model of the CDK: a foundation model, or one with provisioned throughput. */
  public static fromModel(model: IModel, options: BindingOptions = {}): FoundationModel {
    return new FoundationModel(model.modelArn, model.modelArn, options);
  }

  /** Permits others to call it. */
  public readonly grants: BedrockModelGrants;

  private constructor(
    private readonly modelId: string,
    private readonly modelArn: string,
    private readonly options: BindingOptions,
  ) {
    this.grants = BedrockModelGrants.fromModelArn(modelArn);
  }

  public bind({ scope, grantee, component, isStreamed }: ComponentBindOptions): Binding {
    const { modelId, modelArn } = this;
    assertConfiguration(scope, (report) => {
      checkModelFormat(component, modelId, report);
      checkShape('binding', '', this.options, BINDING_OPTIONS, report);
      if (modelId !== modelArn && modelId.startsWith('arn:')) {
        report(
          'binding/model-id',
          'modelId',
          `${show(modelId)} is an ARN: use fromModel, or the construct for its kind`,
        );
      }
      if (PROFILE_ID.test(modelId)) {
        const remedy = 'use InferenceProfile.fromProfileId, which permits the models behind it';
        report('binding/model-id', 'modelId', `${show(modelId)} is an inference profile: ${remedy}`);
      }
    });
    this.grants.invoke(grantee);
    if (isStreamed) this.grants.invokeStreamed(grantee);
    return {
      type: 'bedrock',
      modelId,
      ...regionElsewhere(scope, Arn.split(modelArn, ArnFormat.SLASH_RESOURCE_NAME).region),
      ...(this.options.price && { price: this.options.price }),
    };
  }
}
