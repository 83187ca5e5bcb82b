import { Resource } from 'aws-cdk-lib';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { BedrockBinding, Price } from '../../core/graph/binding';
import { checkImportedFormat } from '../bindings/private/format-checks';
import { regionElsewhere } from '../bindings/private/region';
import type { CapacityMetrics, ComponentBindOptions } from '../component';
import { assertConfiguration } from '../private/checks';
import type { ModelArchitecture } from './imported-model-architecture';
import { ImportedModelGrants } from './imported-model-grants';
import { importedModelMetric } from './imported-model-metrics';
import type { IImportedModel } from './imported-model-ref';

/** What every imported model can do, whoever imported it. */
export abstract class ImportedModelBase extends Resource implements IImportedModel {
  public abstract readonly modelArn: string;
  public abstract readonly encryptionKey?: IKey;
  /** Custom model units of one copy, as far as somebody said. */
  public abstract readonly customModelUnits?: number;

  /** Permissions on the model. */
  public readonly grants = ImportedModelGrants.fromImportedModel(this);

  protected abstract readonly architecture?: ModelArchitecture;
  protected abstract readonly price?: Price;

  /** `grants.invoke`, by the name that CDK users look for. */
  public grantInvoke(grantee: IGrantable): Grant {
    return this.grants.invoke(grantee);
  }

  /** @throws ConfigurationError if the graph speaks the Converse API to a model that is known not to have it */
  public bind({ scope, component, grantee, isStreamed }: ComponentBindOptions): BedrockBinding {
    const { architecture, price } = this;
    assertConfiguration(this, (report) => checkImportedFormat(component, architecture, report));
    this.grants.invoke(grantee);
    if (isStreamed) this.grants.invokeStreamed(grantee);
    return { type: 'bedrock', modelId: this.modelArn, ...regionElsewhere(scope, this.env.region), price };
  }

  /** The copies that serve. Bedrock alone decides how many there should be, and does not publish it. */
  public get capacityMetrics(): CapacityMetrics {
    return { copiesInService: this.metricModelCopy() };
  }

  public metric(metricName: string, options?: MetricOptions): Metric {
    return importedModelMetric(this.modelArn, metricName, options).attachTo(this);
  }

  /** Calls that were answered, a minute. */
  public metricInvocations(options?: MetricOptions): Metric {
    return this.metric('Invocations', options);
  }

  /** Time to the last token, in **milliseconds**, on average over a minute. */
  public metricInvocationLatency(options?: MetricOptions): Metric {
    return this.metric('InvocationLatency', options);
  }

  /** Calls that failed by the caller's fault, a minute. */
  public metricInvocationClientErrors(options?: MetricOptions): Metric {
    return this.metric('InvocationClientErrors', options);
  }

  /** Calls that failed by the service's fault, a minute. */
  public metricInvocationServerErrors(options?: MetricOptions): Metric {
    return this.metric('InvocationServerErrors', options);
  }

  /** Calls that were throttled, a minute. They count neither as invocations nor as errors. */
  public metricInvocationThrottles(options?: MetricOptions): Metric {
    return this.metric('InvocationThrottles', options);
  }

  /** Tokens read, a minute. */
  public metricInputTokenCount(options?: MetricOptions): Metric {
    return this.metric('InputTokenCount', options);
  }

  /** Tokens written, a minute. */
  public metricOutputTokenCount(options?: MetricOptions): Metric {
    return this.metric('OutputTokenCount', options);
  }

  /** Running copies, at most in a minute. What an active model costs follows from it. */
  public metricModelCopy(options?: MetricOptions): Metric {
    return this.metric('ModelCopy', options);
  }
}
