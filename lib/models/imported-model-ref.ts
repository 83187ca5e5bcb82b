import type { IResource } from 'aws-cdk-lib';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { BindingOptions } from '../bindings/binding-options';
import type { IComponent } from '../component';
import type { ModelArchitecture } from './imported-model-architecture';
import type { ImportedModelGrants } from './imported-model-grants';

/** A model that Custom Model Import brought into Bedrock. */
export interface IImportedModel extends IResource, IComponent {
  readonly modelArn: string;
  /**
   * The key that encrypts it.
   *
   * @default - a key of AWS
   */
  readonly encryptionKey?: IKey;
  readonly grants: ImportedModelGrants;

  /** A metric of the model, with the statistic and the period that suit it. */
  metric(metricName: string, options?: MetricOptions): Metric;
}

/** What may be said of any imported model. */
export interface ImportedModelOptions extends BindingOptions {
  /**
   * Custom model units of one copy, which Bedrock tells after the import (`aws bedrock get-imported-model`): calls then cost the time
   * for which a copy works on them, at the list price of us-east-1 for the first version of the unit, unless `price` says otherwise.
   *
   * @default - not known: calls count as free unless `price` is given
   * @see https://docs.aws.amazon.com/bedrock/latest/userguide/import-model-calculate-cost.html
   */
  readonly customModelUnits?: number;

  /**
   * Calls that one copy works on at a time, and that share its time. Bedrock fixes it at the import, and tells it nowhere.
   *
   * @default 1
   */
  readonly concurrencyPerCopy?: number;

  /**
   * Its architecture: a graph that speaks the Converse API to a model that does not have it is refused at synthesis.
   *
   * @default - not checked
   */
  readonly architecture?: ModelArchitecture;

  /**
   * The key that encrypts the model in Bedrock: callers may decrypt with it.
   *
   * @default - a key that AWS owns
   * @see https://docs.aws.amazon.com/bedrock/latest/userguide/import-model-using-cmk.html
   */
  readonly encryptionKey?: IKey;
}
