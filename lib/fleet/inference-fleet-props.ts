import type { Duration } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { InferenceInstanceType } from './instance-type';
import type { RoutingStrategy } from './routing-strategy';
import type { ScaleInPolicy } from './scale-in-policy';

export interface InferenceFleetProps {
  /**
   * What the instances are, one to five types: the one to prefer first. The others are for when it cannot be had, which with
   * GPUs is often, so that less capacity is what you get, not a failed deployment.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-heterogeneous.html
   */
  readonly instanceTypes: readonly InferenceInstanceType[];

  /** Most instances. With what copies need, it bounds the bill. */
  readonly maxInstances: number;

  /**
   * Fewest instances. 0 lets the fleet disappear when all its components are at zero copies; instances then take minutes to come
   * back.
   *
   * @default 1
   */
  readonly minInstances?: number;

  /**
   * Instances of the first deployment, at least 1. Later deployments keep the count that scaling has found.
   *
   * @default - minInstances, but at least 1
   */
  readonly initialInstances?: number;

  /**
   * How the fleet gets rid of instances.
   *
   * @default - SageMaker decides
   */
  readonly scaleIn?: ScaleInPolicy;

  /**
   * How long to look for capacity among all instance types before giving up, 5 minutes to an hour.
   *
   * @default - half an hour with several instance types; with one, SageMaker decides
   */
  readonly provisioningTimeout?: Duration;

  /**
   * To which instance a call goes.
   *
   * @default RoutingStrategy.LEAST_OUTSTANDING_REQUESTS
   */
  readonly routing?: RoutingStrategy;

  /**
   * What the instances run as. One of yours must let SageMaker assume it, and must permit what the made one does: to write logs and
   * metrics and, in a VPC, to handle network interfaces.
   *
   * @default - a role with these permissions; components add what they read
   */
  readonly role?: IRole;

  /**
   * Network of the containers.
   *
   * @default - none of yours
   */
  readonly vpc?: IVpc;

  /**
   * Where in the VPC.
   *
   * @default - private subnets
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * Of the network interfaces in the VPC.
   *
   * @default - a new one, in a VPC
   */
  readonly securityGroups?: readonly ISecurityGroup[];

  /**
   * Cuts containers off from all networks; artifacts and images are still brought to them.
   *
   * @default false
   */
  readonly networkIsolation?: boolean;

  /**
   * Encrypts the storage volumes of instances without NVMe storage. Types with it, such as all with NVIDIA GPUs, refuse a
   * key, for the hardware encrypts them.
   *
   * @default - a key of AWS
   */
  readonly volumeKey?: IKey;

  /**
   * An ML capacity reservation: instances start in it or not at all.
   *
   * @default - on demand
   */
  readonly capacityReservationArn?: string;

  /**
   * Image of the instances, which decides on the GPU driver, as in `al2023-ami-sagemaker-inference-gpu-4-1`.
   *
   * @default - SageMaker decides
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html
   */
  readonly inferenceAmiVersion?: string;

  /**
   * Publishes metrics of each instance, container and accelerator too.
   *
   * @default false
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch-enhanced-metrics.html
   */
  readonly enhancedMetrics?: boolean;

  /**
   * Over how many nested stacks to spread the components that are added, with their scaling: 1 to 50. Each then holds up to 500
   * resources, of which an autoscaled component takes 3, and 5 with a minimum of 0.
   *
   * The id of a component decides which stack it is in, so that adding or removing one never moves another. Choose the number for as
   * many components as there may come to be: another number replaces those that move, and one that has an `inferenceComponentName`
   * must then get another name.
   *
   * @default - none: components are in the stack of the fleet
   */
  readonly componentStacks?: number;
}

/** A fleet that exists. */
export interface InferenceFleetAttributes {
  readonly endpointName: string;
  /**
   * As SageMaker gives it.
   *
   * @default - made of the name, which must then be known at synthesis
   */
  readonly endpointArn?: string;
  /**
   * The production variant that has the instances.
   *
   * @default 'AllTraffic'
   */
  readonly variantName?: string;
  /**
   * By priority.
   *
   * @default - unknown: it is not checked whether copies fit
   */
  readonly instanceTypes?: readonly InferenceInstanceType[];
  /**
   * What the instances run as.
   *
   * @default - unknown: permit it to read artifacts and images where it is made
   */
  readonly role?: IRole;
}
