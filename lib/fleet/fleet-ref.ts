import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import type { InferenceInstanceType } from './instance-type';

/** One SageMaker endpoint whose instances host many inference components. */
export interface IInferenceFleet extends IConstruct {
  readonly endpointName: string;
  readonly endpointArn: string;
  /** The one production variant, on which components are placed. */
  readonly variantName: string;
  /** By priority; empty if unknown, as of a fleet that another stack made. */
  readonly instanceTypes: readonly InferenceInstanceType[];
  /**
   * What the instances run as: it reads model artifacts and pulls images.
   *
   * @default - unknown, as of a fleet that another stack made: permissions are granted there
   */
  readonly role?: IRole;

  /** Tells the fleet of a component on its instances, so that it can check at synthesis that all of them fit. */
  attach(member: FleetMember): void;
}

/** A component as its fleet sees it. Read at synthesis, when scaling is known. */
export interface FleetMember {
  /** Path of the construct, for messages. */
  readonly path: string;
  /** What each copy takes of an instance; undefined for an adapter, which shares the copies of its base. */
  readonly resources: CopyResources | undefined;
  readonly minCopies: number;
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
