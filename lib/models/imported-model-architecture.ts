/** What is particular about an architecture. */
export interface ModelArchitectureOptions {
  /**
   * Whether Bedrock offers the Converse API for it.
   *
   * @default - unknown, so nothing is checked
   */
  readonly supportsConverse?: boolean;
  /**
   * Regions in which it can be imported.
   *
   * @default - all that have Custom Model Import
   */
  readonly regions?: readonly string[];
}

/**
 * The architecture of a model, as its `config.json` names it. Bedrock finds it out by itself; said here too, mistakes show
 * before the deployment.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-customization-import-model.html
 */
export class ModelArchitecture {
  /** Llama 2, 3, 3.1, 3.2 and 3.3. */
  public static readonly LLAMA = ModelArchitecture.of('Llama');
  /** Llama 3.2 with vision. */
  public static readonly MLLAMA = ModelArchitecture.of('Mllama');
  public static readonly MISTRAL = ModelArchitecture.of('Mistral');
  public static readonly MIXTRAL = ModelArchitecture.of('Mixtral');
  public static readonly FLAN_T5 = ModelArchitecture.of('Flan-T5');
  public static readonly GPT_BIG_CODE = ModelArchitecture.of('GPTBigCode');
  /** GPT-OSS 20B and 120B, in us-east-1 only. */
  public static readonly GPT_OSS = ModelArchitecture.of('GPT-OSS', { regions: ['us-east-1'] });
  public static readonly QWEN2 = ModelArchitecture.of('Qwen2');
  public static readonly QWEN2_5 = ModelArchitecture.of('Qwen2.5', { supportsConverse: false });
  public static readonly QWEN2_VL = ModelArchitecture.of('Qwen2-VL', { supportsConverse: false });
  public static readonly QWEN2_5_VL = ModelArchitecture.of('Qwen2.5-VL', { supportsConverse: false });
  /** Dense and mixture-of-experts models. */
  public static readonly QWEN3 = ModelArchitecture.of('Qwen3', { supportsConverse: false });

  /** An architecture that is not listed here. */
  public static of(name: string, options: ModelArchitectureOptions = {}): ModelArchitecture {
    return new ModelArchitecture(name, options);
  }

  /** Whether Bedrock offers the Converse API for it; undefined if unknown. */
  public readonly supportsConverse?: boolean;
  /** Regions in which it can be imported; undefined if in all that have Custom Model Import. */
  public readonly regions?: readonly string[];

  private constructor(
    public readonly name: string,
    options: ModelArchitectureOptions,
  ) {
    this.supportsConverse = options.supportsConverse;
    this.regions = options.regions;
  }
}
