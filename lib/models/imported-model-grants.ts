import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { INVOKE_MODEL, INVOKE_MODEL_STREAMED } from '../private/invoke-perms';
import type { IImportedModel } from './imported-model-ref';
import { warnOfOtherStack } from './private/other-stack';
import { USE_ENCRYPTED_MODEL } from './private/perms';
import { viaBedrock } from './private/via-bedrock';

/** Permissions on an imported model. */
export class ImportedModelGrants {
  public static fromImportedModel(model: IImportedModel): ImportedModelGrants {
    return new ImportedModelGrants(model);
  }

  private constructor(private readonly model: IImportedModel) {}

  /** Permits to call this model for whole answers, through the Converse API too. */
  public invoke(grantee: IGrantable): Grant {
    return this.grant(grantee, INVOKE_MODEL);
  }

  /** Permits to call this model for answers that stream, through the Converse API too. */
  public invokeStreamed(grantee: IGrantable): Grant {
    return this.grant(grantee, INVOKE_MODEL_STREAMED);
  }

  private grant(grantee: IGrantable, actions: string[]): Grant {
    const { modelArn, encryptionKey } = this.model;
    warnOfOtherStack(this.model, grantee);
    const grant = Grant.addToPrincipal({ grantee, actions, resourceArns: [modelArn] });
    if (encryptionKey === undefined) return grant;
    return grant.combine(
      Grant.addToPrincipal({
        grantee,
        actions: USE_ENCRYPTED_MODEL,
        resourceArns: [encryptionKey.keyArn],
        conditions: viaBedrock(this.model),
      }),
    );
  }
}
