import type { ColdStartPath } from './cold-start';
import type { WarmGraph } from './graph';
import type { WarmPolicyName } from './policies';
import type { WarmLimits } from './policy';
import type { SpendLimits } from './spend';
import type { ComponentCosts, CostRule } from './worth';

/** Environment variable of the warmer with a `WarmerConfig` as JSON, or with the secret that holds one. */
export const WARMER_VARIABLE = 'COMPOUND_WARMER';

/** Environment variable that stops all warming when it is `off`; what was changed is restored all the same. */
export const WARMING_VARIABLE = 'COMPOUND_WARMING';

/** What a deployment tells the warmer. Plain data. */
export interface WarmerConfig {
  /** If `false`, nothing is warmed and what was changed is restored. @default true */
  readonly enabled?: boolean;
  readonly policy: WarmPolicyName;
  /** Name of the table of the board: partition key `id`, a string; time to live in `expiresAtSeconds`. */
  readonly table: string;
  /** By name of the agent, which is that of its graph. */
  readonly agents: Readonly<Record<string, WarmedAgent>>;
  /** By key: `sagemaker/<component>`, `bedrock/<model>` or `lambda/<function>`; the same for all agents that share it. */
  readonly backends: Readonly<Record<string, WarmedBackend>>;
  readonly limits: WarmerLimits;
  /** @default 'marginal' */
  readonly costRule?: CostRule;
}

export interface WarmedAgent {
  readonly graph: WarmGraph;
  /** Key of the backend of each component that can be warmed; others count as always ready. */
  readonly components: Readonly<Record<string, string>>;
}

/** Budgets are needed; the others are the usual ones if left out. */
export type WarmerLimits = SpendLimits & Partial<Omit<WarmLimits, keyof SpendLimits>>;

/** What can be warmed. Its price must be above 0: what costs nothing to keep needs no warmer. */
export type WarmedBackend = SageMakerBackend | ImportedModelBackend | FunctionBackend;

/** An inference component. */
export interface SageMakerBackend extends WarmedCosts {
  readonly type: 'sagemaker';
  readonly inferenceComponentName: string;
  readonly endpointName: string;
  /** Copies that its scaling keeps without the warmer. @default 0 */
  readonly minCopies?: number;
  readonly maxCopies: number;
  /** Where a copy starts after it has been gone for long. */
  readonly startPath: ColdStartPath;
  /** Where one starts that was gone for less than this: on an instance that is still there. */
  readonly restart?: { readonly path: ColdStartPath; readonly withinMs: number };
  /** Sent to a copy that has become ready, for engines that build caches at their first call. */
  readonly firstCall?: FirstCall;
}

/** An imported model of Bedrock: kept and started by calls of one token. */
export interface ImportedModelBackend extends WarmedCosts {
  readonly type: 'bedrock';
  /** ARN of the imported model. */
  readonly modelId: string;
  /** A call that costs next to nothing. @default a chat completion of one token */
  readonly firstCall?: FirstCall;
  /** How long a copy stays after a call. @default 300000 */
  readonly staysWarmMs?: number;
}

/** A function that is a tool. */
export interface FunctionBackend extends WarmedCosts {
  readonly type: 'lambda';
  readonly functionName: string;
  /** A payload that the function answers without doing anything. */
  readonly firstCall: FirstCall;
  /** How long an environment stays after a call. @default 300000 */
  readonly staysWarmMs?: number;
}

export interface FirstCall {
  /** @default 'application/json' */
  readonly contentType?: string;
  readonly body: string;
}

interface WarmedCosts extends ComponentCosts {
  /** AWS Region; that of the warmer if left out. */
  readonly region?: string;
  /** Calls that one copy can serve at once; any number if left out. */
  readonly concurrencyPerCopy?: number;
}
