import type { IResource } from 'aws-cdk-lib';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { aws_sagemaker } from 'aws-cdk-lib/interfaces';
import type { Price } from '../../core/graph/binding';
import type { IComponent } from '../component';
import type { InferenceComponentGrants } from './component-grants';
import type { IInferenceFleet } from './fleet-ref';

/** One model on a fleet, with copies of its own: the thing a graph's component is bound to. */
export interface IInferenceComponent extends IResource, IComponent, aws_sagemaker.IInferenceComponentRef {
  readonly inferenceComponentName: string;
  readonly inferenceComponentArn: string;
  /** The endpoint that it is called on. */
  readonly endpointName: string;
  readonly endpointArn: string;
  /**
   * The fleet that hosts it.
   *
   * @default - unknown, as of a component that another stack made
   */
  readonly fleet?: IInferenceFleet;
  /**
   * What its calls cost.
   *
   * @default - not known: runs report neither cost nor copy-seconds of it
   */
  readonly price?: Price;
  readonly grants: InferenceComponentGrants;

  /** A metric of the component, with the statistic and the period that suit it. */
  metric(metricName: string, options?: MetricOptions): Metric;
}
