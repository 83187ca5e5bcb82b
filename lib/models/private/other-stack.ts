import { CfnResource } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { warn } from '../../private/checks';
import { outermostStack } from '../../private/outermost-stack';
import type { IImportedModel } from '../imported-model-ref';

/** Warns of a caller in another stack than the model that is imported there, to which CloudFormation cannot hand a new model over. */
export function warnOfOtherStack(model: IImportedModel, { grantPrincipal: caller }: IGrantable): void {
  // One that was imported already keeps its ARN.
  if (!CfnResource.isCfnResource(model.node.defaultChild) || !Construct.isConstruct(caller)) return;
  const other = outermostStack(caller);
  if (other === outermostStack(model)) return;
  warn(
    model,
    'imported-model/other-stack',
    `is called from stack ${other.node.path}, which new weights would cut off: their model has another ARN, and CloudFormation refuses to ` +
      'change what another stack imports, or, if references are weak, deletes the former model before that stack knows the new one: move ' +
      'the model into that stack, or acknowledge this and give new weights an ImportedModel of their own, as the guide on imported models says',
  );
}
