import { Resource } from 'aws-cdk-lib';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { aws_sagemaker } from 'aws-cdk-lib/interfaces';
import type { Price, SageMakerBinding } from '../../core/graph/binding';
import { checkFormat } from '../bindings/private/format-checks';
import type { CapacityMetrics, ComponentBindOptions } from '../component';
import { assertConfiguration } from '../private/checks';
import { InferenceComponentGrants } from './component-grants';
import { componentMetric, copiesInService, publishedCopies } from './component-metrics';
import type { IInferenceComponent } from './inference-component-ref';

/** What every inference component can do, whoever made it. */
export abstract class InferenceComponentBase extends Resource implements IInferenceComponent {
  public abstract readonly inferenceComponentName: string;
  public abstract readonly inferenceComponentArn: string;
  public abstract readonly endpointName: string;
  public abstract readonly endpointArn: string;

  /** Permissions on the component. */
  public readonly grants = InferenceComponentGrants.fromInferenceComponent(this);

  private hasPublishedCopies = false;

  /** What its calls cost; undefined if that is not known. */
  public get price(): Price | undefined {
    return undefined;
  }

  /** The name in metrics. */
  protected get metricsName(): string {
    return this.inferenceComponentName;
  }

  public get inferenceComponentRef(): aws_sagemaker.InferenceComponentReference {
    return { inferenceComponentArn: this.inferenceComponentArn };
  }

  /** `grants.invoke`, by the name that CDK users look for. */
  public grantInvoke(grantee: IGrantable): Grant {
    return this.grants.invoke(grantee);
  }

  /** @throws ConfigurationError if the graph speaks the Converse API to it */
  public bind({ component, grantee, isStreamed }: ComponentBindOptions): SageMakerBinding {
    assertConfiguration(this, (report) => checkFormat(component, 'sagemaker', report));
    if (isStreamed) this.grants.invokeStreamed(grantee);
    else this.grants.invoke(grantee);
    const { price } = this;
    return {
      type: 'sagemaker',
      endpointName: this.endpointName,
      inferenceComponentName: this.inferenceComponentName,
      ...(price && { price }),
    };
  }

  /**
   * Calls refused at zero copies, and the copies that serve and should serve where something publishes them. SageMaker does not: without,
   * those in service are the ones that served the calls of each minute, and have no value where there were none.
   */
  public get capacityMetrics(): CapacityMetrics {
    return {
      ...(this.hasPublishedCopies
        ? {
            copiesInService: this.metricCopiesInService({ label: 'Copies in service' }),
            copiesDesired: this.metricCopiesDesired({ label: 'Copies desired' }),
          }
        : { copiesInService: copiesInService(this.metricsName) }),
      noCapacityFailures: this.metricNoCapacityInvocationFailures(),
    };
  }

  public metric(metricName: string, options?: MetricOptions): Metric {
    return componentMetric(this.metricsName, metricName, options).attachTo(this);
  }

  /**
   * Says that a function publishes each minute how many copies serve and should serve, as a warmer and a tuner do. Dashboards then show
   * both, those that were made before as well.
   */
  public showPublishedCopies(): void {
    this.hasPublishedCopies = true;
  }

  /** Copies that should serve: of a component that a warmer or a tuner looks at, no data otherwise. */
  public metricCopiesDesired(options?: MetricOptions): Metric {
    return publishedCopies(this.metricsName, 'CopiesDesired', options).attachTo(this);
  }

  /** Copies that serve: of a component that a warmer or a tuner looks at, no data otherwise. */
  public metricCopiesInService(options?: MetricOptions): Metric {
    return publishedCopies(this.metricsName, 'CopiesInService', options).attachTo(this);
  }

  /** Calls, a minute. */
  public metricInvocations(options?: MetricOptions): Metric {
    return this.metric('Invocations', options);
  }

  /** Calls for each copy, a minute. */
  public metricInvocationsPerCopy(options?: MetricOptions): Metric {
    return this.metric('InvocationsPerCopy', options);
  }

  /** Calls that were answered with a 4xx status, a minute. */
  public metricInvocation4XXErrors(options?: MetricOptions): Metric {
    return this.metric('Invocation4XXErrors', options);
  }

  /** Calls that were answered with a 5xx status, a minute. */
  public metricInvocation5XXErrors(options?: MetricOptions): Metric {
    return this.metric('Invocation5XXErrors', options);
  }

  /** Calls that the container did not answer with a 2xx status, broken connections and timeouts among them, a minute. */
  public metricInvocationModelErrors(options?: MetricOptions): Metric {
    return this.metric('InvocationModelErrors', options);
  }

  /** Answers that broke off while they were streamed, a minute. */
  public metricMidStreamErrors(options?: MetricOptions): Metric {
    return this.metric('MidStreamErrors', options);
  }

  /** Calls refused because there was no copy, a minute. */
  public metricNoCapacityInvocationFailures(options?: MetricOptions): Metric {
    return this.metric('NoCapacityInvocationFailures', options);
  }

  /** Time in the container, in **microseconds**, on average over a minute. Refused calls and retries are not in it. */
  public metricModelLatency(options?: MetricOptions): Metric {
    return this.metric('ModelLatency', options);
  }

  /** Time that SageMaker adds to a call, in **microseconds**, on average over a minute. */
  public metricOverheadLatency(options?: MetricOptions): Metric {
    return this.metric('OverheadLatency', options);
  }

  /** Time to the first chunk of a streamed answer, in **microseconds**, on average over a minute. */
  public metricFirstChunkLatency(options?: MetricOptions): Metric {
    return this.metric('FirstChunkLatency', options);
  }

  /** Requests in flight or queued for each copy, at most over 10 seconds. Kept for 3 hours at this resolution. */
  public metricConcurrentRequestsPerCopy(options?: MetricOptions): Metric {
    return this.metric('ConcurrentRequestsPerCopy', options);
  }

  /** Use of the vCPUs that a copy reserves, in percent, on average over copies and a minute. */
  public metricCpuUtilization(options?: MetricOptions): Metric {
    return this.metric('CPUUtilizationNormalized', options);
  }

  /** Use of the memory that a copy reserves, in percent, on average over copies and a minute. */
  public metricMemoryUtilization(options?: MetricOptions): Metric {
    return this.metric('MemoryUtilizationNormalized', options);
  }

  /** Use of the GPUs that a copy reserves, in percent, on average over copies and a minute. */
  public metricGpuUtilization(options?: MetricOptions): Metric {
    return this.metric('GPUUtilizationNormalized', options);
  }

  /** Use of the GPU memory of a copy, in percent, on average over copies and a minute. */
  public metricGpuMemoryUtilization(options?: MetricOptions): Metric {
    return this.metric('GPUMemoryUtilizationNormalized', options);
  }
}
