import { Aws } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { INVOKE_MODEL, INVOKE_MODEL_STREAMED } from '../private/invoke-perms';

/** Permissions on a model of Bedrock. */
export class BedrockModelGrants {
  /** Those on one model. */
  public static fromModelArn(modelArn: string): BedrockModelGrants {
    return new BedrockModelGrants(modelArn, undefined);
  }

  /**
   * Those on an inference profile, and through it on the model in every region to which it routes.
   *
   * A global profile is also authorised for the ARN without a region, which the wildcard covers.
   *
   * @see https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html
   * @see https://docs.aws.amazon.com/bedrock/latest/userguide/global-cross-region-inference.html
   */
  public static fromProfileArn(profileArn: string, modelId: string): BedrockModelGrants {
    return new BedrockModelGrants(profileArn, `arn:${Aws.PARTITION}:bedrock:*::foundation-model/${modelId}`);
  }

  private constructor(
    private readonly arn: string,
    private readonly routedModelArn: string | undefined,
  ) {}

  /** Permits to call the model, for whole answers. */
  public invoke(grantee: IGrantable): Grant {
    return this.grant(grantee, INVOKE_MODEL);
  }

  /** Permits to call the model for answers that stream. */
  public invokeStreamed(grantee: IGrantable): Grant {
    return this.grant(grantee, INVOKE_MODEL_STREAMED);
  }

  private grant(grantee: IGrantable, actions: string[]): Grant {
    const grant = Grant.addToPrincipal({ grantee, actions, resourceArns: [this.arn] });
    if (this.routedModelArn === undefined) return grant;
    return grant.combine(
      Grant.addToPrincipal({
        grantee,
        actions,
        resourceArns: [this.routedModelArn],
        conditions: { ArnEquals: { 'bedrock:InferenceProfileArn': this.arn } },
      }),
    );
  }
}
