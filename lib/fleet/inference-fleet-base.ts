import { Resource } from 'aws-cdk-lib';
import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { aws_sagemaker } from 'aws-cdk-lib/interfaces';
import { checkAtSynthesis } from '../private/checks';
import type { FleetMember, IInferenceFleet } from './fleet-ref';
import type { InferenceInstanceType } from './instance-type';
import { checkMembers, type FleetRoom } from './private/member-checks';
import { checkStacks } from './private/stack-checks';

/** What a fleet can do, whoever made it. */
export abstract class InferenceFleetBase extends Resource implements IInferenceFleet, aws_sagemaker.IEndpointRef {
  public abstract readonly endpointName: string;
  public abstract readonly endpointArn: string;
  public abstract readonly variantName: string;
  public abstract readonly instanceTypes: readonly InferenceInstanceType[];
  public abstract readonly role?: IRole;

  readonly #members: FleetMember[] = [];

  /** The endpoint, for constructs of the AWS CDK that take one. */
  public get endpointRef(): aws_sagemaker.EndpointReference {
    return { endpointArn: this.endpointArn };
  }

  public attach(member: FleetMember): void {
    this.#members.push(member);
  }

  /**
   * A metric of the instances, such as `DiskUtilization`. How calls fare is measured by component.
   *
   * @default - the average over 5 minutes
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html#cloudwatch-metrics-endpoints
   */
  public metric(metricName: string, options?: MetricOptions): Metric {
    return new Metric({
      namespace: '/aws/sagemaker/Endpoints',
      metricName,
      dimensionsMap: { EndpointName: this.endpointName, VariantName: this.variantName },
      statistic: Stats.AVERAGE,
      ...options,
    }).attachTo(this);
  }

  /** Share of the accelerators that copies have reserved, in percent from 0 to 100. */
  public metricGpuReservation(options?: MetricOptions): Metric {
    return this.metric('GPUReservation', options);
  }

  /** Share of the host memory that copies have reserved, in percent from 0 to 100. */
  public metricMemoryReservation(options?: MetricOptions): Metric {
    return this.metric('MemoryReservation', options);
  }

  /** How busy the GPUs are, in percent from 0 to 100, however many there are. */
  public metricGpuUtilization(options?: MetricOptions): Metric {
    return this.metric('GPUUtilizationNormalized', options);
  }

  /** How full the memory of the GPUs is, in percent from 0 to 100, however many there are. */
  public metricGpuMemoryUtilization(options?: MetricOptions): Metric {
    return this.metric('GPUMemoryUtilizationNormalized', options);
  }

  /**
   * Checks at synthesis that the components fit.
   *
   * @param componentStacks how many nested stacks of its own the fleet has for them; undefined if it cannot have any
   */
  protected checkMembersAtSynthesis(room: FleetRoom, componentStacks?: number): void {
    checkAtSynthesis(this, (report) => {
      checkMembers(this, room, this.#members, report);
      checkStacks(this, this.#members, componentStacks, report);
    });
  }
}
