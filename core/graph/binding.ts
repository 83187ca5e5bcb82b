/** Where a component really runs; made at deploy time, plain data. */
export type Binding = SageMakerBinding | BedrockBinding | LambdaBinding | HttpBinding;

/** The bindings of a deployment, by component name. */
export type Bindings = Readonly<Record<string, Binding>>;

interface Priced {
  /** Prices of the calls, so that runs report what they cost; calls count as free if left out. */
  readonly price?: Price;
}

/** Prices in US dollars; those that apply add up. */
export interface Price {
  readonly perCallUsd?: number;
  readonly perMillionInputTokensUsd?: number;
  readonly perMillionOutputTokensUsd?: number;
}

/** A SageMaker endpoint, or one inference component on it. */
export interface SageMakerBinding extends Priced {
  readonly type: 'sagemaker';
  readonly endpointName: string;
  readonly inferenceComponentName?: string;
}

/** A Bedrock imported model, foundation model or inference profile. */
export interface BedrockBinding extends Priced {
  readonly type: 'bedrock';
  /** Model id, or the ARN of an imported model or inference profile. */
  readonly modelId: string;
}

export interface LambdaBinding extends Priced {
  readonly type: 'lambda';
  /** Name or ARN, with or without a qualifier. */
  readonly functionName: string;
}

/** An HTTP service: with a chat format the base URL of an OpenAI-compatible server, else the URL to post to. */
export interface HttpBinding extends Priced {
  readonly type: 'http';
  readonly url: string;
  /** Name of the model on an OpenAI-compatible server. */
  readonly model?: string;
  readonly headers?: Readonly<Record<string, string>>;
}
