import { Arn, ArnFormat, Aws } from 'aws-cdk-lib';
import type { Binding } from '../../core/graph/binding';
import type { ComponentBindOptions, IComponent } from '../component';
import { assertConfiguration, known, type Report, show } from '../private/checks';
import { checkShape } from '../private/shape';
import { BedrockModelGrants } from './bedrock-model-grants';
import type { BindingOptions, RegionalBindingOptions } from './binding-options';
import { checkModelFormat } from './private/format-checks';
import { regionElsewhere } from './private/region';
import { BINDING_OPTIONS } from './private/shapes';

/** An inference profile that was made for an application. */
export interface ApplicationInferenceProfileAttributes extends BindingOptions {
  /** ARN of the profile. */
  readonly profileArn: string;
  /** Id of the foundation model that it was made from, which calls must be permitted on as well. */
  readonly modelId: string;
}

/** An id of an area, a provider and a model, as in `us.anthropic.claude-…`. */
const PROFILE_ID = /^[a-z-]+\.([a-z0-9]+\..+)$/;

/**
 * A model of Bedrock behind an inference profile, which routes calls to several regions.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles.html
 */
export class InferenceProfile implements IComponent {
  /** A profile that Bedrock offers, by its id, as in `us.amazon.nova-lite-v1:0`. */
  public static fromProfileId(profileId: string, options: RegionalBindingOptions = {}): InferenceProfile {
    const { region = Aws.REGION, ...others } = options;
    const profileArn = `arn:${Aws.PARTITION}:bedrock:${region}:${Aws.ACCOUNT_ID}:inference-profile/${profileId}`;
    const modelId = PROFILE_ID.exec(known(profileId) ?? '')?.[1];
    return new InferenceProfile(profileId, profileArn, modelId ?? profileId, others, (report) => {
      if (modelId !== undefined) return;
      const form = 'must name an area, a provider and a model, as in us.amazon.nova-lite-v1:0';
      const remedy = 'use FoundationModel.fromModelId for a model without a profile';
      report('binding/profile-id', 'profileId', `${form}, got: ${show(profileId)}; ${remedy}`);
    });
  }

  /** A profile that was made for an application, to tell its costs apart. */
  public static fromApplicationProfileAttributes(attributes: ApplicationInferenceProfileAttributes): InferenceProfile {
    const { profileArn, modelId, ...others } = attributes;
    return new InferenceProfile(profileArn, profileArn, modelId, others, () => {});
  }

  /** Permits others to call it. */
  public readonly grants: BedrockModelGrants;

  private constructor(
    private readonly profileId: string,
    private readonly profileArn: string,
    private readonly modelId: string,
    private readonly options: BindingOptions,
    private readonly check: (report: Report) => void,
  ) {
    this.grants = BedrockModelGrants.fromProfileArn(profileArn, modelId);
  }

  public bind({ scope, grantee, component, isStreamed }: ComponentBindOptions): Binding {
    assertConfiguration(scope, (report) => {
      this.check(report);
      checkModelFormat(component, this.modelId, report);
      checkShape('binding', '', this.options, BINDING_OPTIONS, report);
    });
    this.grants.invoke(grantee);
    if (isStreamed) this.grants.invokeStreamed(grantee);
    return {
      type: 'bedrock',
      modelId: this.profileId,
      ...regionElsewhere(scope, Arn.split(this.profileArn, ArnFormat.SLASH_RESOURCE_NAME).region),
      ...(this.options.price && { price: this.options.price }),
    };
  }
}
