import type { BreakerOptions } from './call-policies';

/** Where a component really runs; made at deploy time, plain data. */
export type Binding = BackendBinding | SpilloverBinding;

/** One backend. */
export type BackendBinding = SageMakerBinding | BedrockBinding | LambdaBinding | HttpBinding;

/** The bindings of a deployment, by component name. */
export type Bindings = Readonly<Record<string, Binding>>;

interface Priced {
  /** Prices of the calls, so that runs report what they cost; calls count as free if left out. */
  readonly price?: Price;
}

interface Regional {
  /** AWS Region of the backend; that of the function if left out. */
  readonly region?: string;
}

/**
 * Prices in US dollars; those that apply add up.
 *
 * What the hour of a copy costs is shared among the calls that it works on: each pays for its own time, so that runs can be
 * compared and bounded. It is not a part of the bill, which counts instances or copies by the time they run, idle or not.
 */
export interface Price {
  readonly perCallUsd?: number;
  readonly perMillionInputTokensUsd?: number;
  readonly perMillionOutputTokensUsd?: number;
  /** What an hour of one copy costs, if the calls go to copies of a model of your own. */
  readonly perCopyHourUsd?: number;
  /** Calls that one copy works on at a time, each of which takes such a part of its time. @default 1 */
  readonly concurrencyPerCopy?: number;
  /** Where the prices are from, and of when, as in `https://example.com/pricing (2026-11)`. Records of runs repeat it. */
  readonly source?: string;
}

/** A SageMaker endpoint, or one inference component on it. */
export interface SageMakerBinding extends Priced, Regional {
  readonly type: 'sagemaker';
  readonly endpointName: string;
  readonly inferenceComponentName?: string;
}

/** A Bedrock imported model, foundation model or inference profile. */
export interface BedrockBinding extends Priced, Regional {
  readonly type: 'bedrock';
  /** Model id, or the ARN of an imported model or inference profile. */
  readonly modelId: string;
}

export interface LambdaBinding extends Priced, Regional {
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
  /** What the service knows the caller by. */
  readonly secret?: HttpSecret;
}

/** A credential in Secrets Manager, sent as a header of every call. */
export interface HttpSecret {
  /** Name or ARN. */
  readonly secretId: string;
  /** Field of a secret that is a JSON object; the whole secret if left out. */
  readonly field?: string;
  /** Header that carries it; `authorization` if left out. */
  readonly header?: string;
  /** Word before it, or '' for none; if left out `Bearer` in `authorization`, and none in other headers. */
  readonly scheme?: string;
}

/** Backends that answer alike, in the order in which they are asked: a call goes to the next if one cannot take it now. */
export interface SpilloverBinding {
  readonly type: 'spillover';
  /** Two at least. */
  readonly alternatives: readonly BackendBinding[];
  readonly when?: SpilloverRules;
  /** A breaker for each of them; that of the component, if it declares one, if left out. */
  readonly breaker?: BreakerOptions;
}

/** What sends a call on to the next backend. */
export interface SpilloverRules {
  /** No copy runs yet. @default true */
  readonly notReady?: boolean;
  /** The backend asks for fewer calls. @default true */
  readonly throttled?: boolean;
  /** Its breaker is open. @default true */
  readonly breakerOpen?: boolean;
  /** So many tries of this process are under way there. @default - however many are */
  readonly maxInFlight?: number;
}
