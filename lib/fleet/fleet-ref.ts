import type { IResource } from 'aws-cdk-lib';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { aws_sagemaker } from 'aws-cdk-lib/interfaces';
import type { IConstruct } from 'constructs';
import type { InferenceInstanceType } from './instance-type';

/** One SageMaker endpoint whose instances host many inference components. */
export interface IInferenceFleet extends IResource, aws_sagemaker.IEndpointRef {
  readonly endpointName: string;
  readonly endpointArn: string;
  /** The one production variant, on which components are placed. */
  readonly variantName: string;
  /** By priority; empty if unknown, as of a fleet that another stack made. */
  readonly instanceTypes: readonly InferenceInstanceType[];
  /**
   * Fewest instances.
   *
   * @default - unknown, as of a fleet that another stack made
   */
  readonly minInstances?: number;
  /**
   * What the instances run as: it reads model artifacts and pulls images.
   *
   * @default - unknown, as of a fleet that another stack made: permissions are granted there
   */
  readonly role?: IRole;

  /** Tells the fleet of a component on its instances, so that it can check at synthesis that all of them fit. */
  attach(member: FleetMember): void;

  /** A metric of the instances, by default the average over 5 minutes. */
  metric(metricName: string, options?: MetricOptions): Metric;
}

/** A component as its fleet sees it. Read at synthesis, when scaling is known. */
export interface FleetMember extends IConstruct {
  /** What each copy takes of an instance. */
  readonly resources: CopyResources;
  /** Copies that it is created with. */
  readonly initialCopies: number;
  /** Fewest copies at any time. */
  readonly minCopies: number;
  /** The highest number of copies that are kept at any time, whatever the load. */
  readonly highestMinCopies: number;
  /** Most copies at any time. */
  readonly maxCopies: number;
}

/** What each copy of a component reserves on its instance. */
export interface CopyResources {
  /**
   * GPUs or Neuron devices.
   *
   * @default - none: the component runs on CPUs
   */
  readonly accelerators?: number;
  /**
   * vCPUs.
   *
   * @default - SageMaker decides
   */
  readonly cpuCores?: number;
  /** Memory of the host, in MiB. */
  readonly memoryMiB: number;
}
