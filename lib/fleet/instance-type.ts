import { INSTANCE_FACTS, type InferenceInstanceFacts } from '../../core/serving/instance-facts';
import { known } from '../private/checks';

/** An instance type of a fleet, and what it has. */
export class InferenceInstanceType {
  /** 1 A10G, 16 GiB, 4 vCPUs. */
  public static readonly G5_XLARGE = InferenceInstanceType.of('ml.g5.xlarge');
  /** 1 A10G, 32 GiB, 8 vCPUs. */
  public static readonly G5_2XLARGE = InferenceInstanceType.of('ml.g5.2xlarge');
  /** 1 A10G, 64 GiB, 16 vCPUs. */
  public static readonly G5_4XLARGE = InferenceInstanceType.of('ml.g5.4xlarge');
  /** 1 A10G, 128 GiB, 32 vCPUs. */
  public static readonly G5_8XLARGE = InferenceInstanceType.of('ml.g5.8xlarge');
  /** 4 A10G, 192 GiB, 48 vCPUs. */
  public static readonly G5_12XLARGE = InferenceInstanceType.of('ml.g5.12xlarge');
  /** 4 A10G, 384 GiB, 96 vCPUs. */
  public static readonly G5_24XLARGE = InferenceInstanceType.of('ml.g5.24xlarge');
  /** 8 A10G, 768 GiB, 192 vCPUs. */
  public static readonly G5_48XLARGE = InferenceInstanceType.of('ml.g5.48xlarge');
  /** 1 L4, 16 GiB, 4 vCPUs. */
  public static readonly G6_XLARGE = InferenceInstanceType.of('ml.g6.xlarge');
  /** 1 L4, 32 GiB, 8 vCPUs. */
  public static readonly G6_2XLARGE = InferenceInstanceType.of('ml.g6.2xlarge');
  /** 1 L4, 64 GiB, 16 vCPUs. */
  public static readonly G6_4XLARGE = InferenceInstanceType.of('ml.g6.4xlarge');
  /** 1 L4, 128 GiB, 32 vCPUs. */
  public static readonly G6_8XLARGE = InferenceInstanceType.of('ml.g6.8xlarge');
  /** 4 L4, 192 GiB, 48 vCPUs. */
  public static readonly G6_12XLARGE = InferenceInstanceType.of('ml.g6.12xlarge');
  /** 4 L4, 384 GiB, 96 vCPUs. */
  public static readonly G6_24XLARGE = InferenceInstanceType.of('ml.g6.24xlarge');
  /** 8 L4, 768 GiB, 192 vCPUs. */
  public static readonly G6_48XLARGE = InferenceInstanceType.of('ml.g6.48xlarge');
  /** 1 L40S, 32 GiB, 4 vCPUs. */
  public static readonly G6E_XLARGE = InferenceInstanceType.of('ml.g6e.xlarge');
  /** 1 L40S, 64 GiB, 8 vCPUs. */
  public static readonly G6E_2XLARGE = InferenceInstanceType.of('ml.g6e.2xlarge');
  /** 1 L40S, 128 GiB, 16 vCPUs. */
  public static readonly G6E_4XLARGE = InferenceInstanceType.of('ml.g6e.4xlarge');
  /** 1 L40S, 256 GiB, 32 vCPUs. */
  public static readonly G6E_8XLARGE = InferenceInstanceType.of('ml.g6e.8xlarge');
  /** 4 L40S, 384 GiB, 48 vCPUs. */
  public static readonly G6E_12XLARGE = InferenceInstanceType.of('ml.g6e.12xlarge');
  /** 4 L40S, 768 GiB, 96 vCPUs. */
  public static readonly G6E_24XLARGE = InferenceInstanceType.of('ml.g6e.24xlarge');
  /** 8 L40S, 1536 GiB, 192 vCPUs. */
  public static readonly G6E_48XLARGE = InferenceInstanceType.of('ml.g6e.48xlarge');
  /** 1 RTX PRO 6000, 64 GiB, 8 vCPUs. */
  public static readonly G7E_2XLARGE = InferenceInstanceType.of('ml.g7e.2xlarge');
  /** 1 RTX PRO 6000, 128 GiB, 16 vCPUs. */
  public static readonly G7E_4XLARGE = InferenceInstanceType.of('ml.g7e.4xlarge');
  /** 1 RTX PRO 6000, 256 GiB, 32 vCPUs. */
  public static readonly G7E_8XLARGE = InferenceInstanceType.of('ml.g7e.8xlarge');
  /** 2 RTX PRO 6000, 512 GiB, 48 vCPUs. */
  public static readonly G7E_12XLARGE = InferenceInstanceType.of('ml.g7e.12xlarge');
  /** 4 RTX PRO 6000, 1024 GiB, 96 vCPUs. */
  public static readonly G7E_24XLARGE = InferenceInstanceType.of('ml.g7e.24xlarge');
  /** 8 RTX PRO 6000, 2048 GiB, 192 vCPUs. */
  public static readonly G7E_48XLARGE = InferenceInstanceType.of('ml.g7e.48xlarge');
  /** 8 A100, 1152 GiB, 96 vCPUs. */
  public static readonly P4D_24XLARGE = InferenceInstanceType.of('ml.p4d.24xlarge');
  /** 8 H100, 2048 GiB, 192 vCPUs. */
  public static readonly P5_48XLARGE = InferenceInstanceType.of('ml.p5.48xlarge');
  /** 8 H200, 2048 GiB, 192 vCPUs. */
  public static readonly P5EN_48XLARGE = InferenceInstanceType.of('ml.p5en.48xlarge');

  /**
   * Any instance type of SageMaker endpoints.
   *
   * @param name as in `ml.g6.12xlarge`
   * @param facts what it has, in place of what this library knows; needed for a type that it does not know, or nothing is
   *   checked that depends on them
   */
  public static of(name: string, facts?: InferenceInstanceFacts): InferenceInstanceType {
    const found = facts ?? (known(name) === undefined ? undefined : INSTANCE_FACTS.get(name));
    return new InferenceInstanceType(name, found);
  }

  private constructor(
    /** As in `ml.g6.12xlarge`. */
    public readonly name: string,
    /** What it has, if that is known. */
    public readonly facts: InferenceInstanceFacts | undefined,
  ) {}

  /** Its name. */
  public toString(): string {
    return this.name;
  }
}
