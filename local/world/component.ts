import type { Context } from 'aws-lambda';
import type { BedrockBinding, LambdaBinding, SageMakerBinding } from '../../core/graph/binding';
import type { ChatRequest } from '../../core/graph/chat';
import type { ImportedModelModel, InferenceComponentModel } from '../../sim/world/world-model';

/** What stands in for a backend on this machine. */
export type LocalComponent = LocalChatModel | LocalJsonModel | LocalFunction;

interface LocalModel {
  /** The backend it stands in for. */
  readonly backend: SageMakerBinding | BedrockBinding;
  /**
   * How its copies start, serve and scale.
   *
   * @default an 8B model, as an inference component or an imported model
   */
  readonly behaviour?: ModelBehaviour;
}

/** As plain data, as the simulator takes it. */
export type ModelBehaviour = InferenceComponentModel | ImportedModelModel;

/** A chat model whose copies are simulated and whose words come from a function. */
export interface LocalChatModel extends LocalModel {
  readonly kind: 'chat-model';
  readonly brain: Brain;
}

/** A model that is no chat: a classifier, an embedder, a ranker. */
export interface LocalJsonModel extends LocalModel {
  readonly kind: 'json-model';
  readonly brain: JsonBrain;
}

/** A function that runs in this process, always ready. */
export interface LocalFunction {
  readonly kind: 'function';
  readonly backend: LambdaBinding;
  /** Gets the event and what Lambda tells about the invocation; what it throws is the function's error. */
  readonly handler: (event: unknown, context: Context) => unknown;
  /** How many invocations may run at once; more are throttled. @default - any number */
  readonly reservedConcurrency?: number;
  /**
   * By the world's time, as the context tells it: a function that takes longer is not stopped here.
   *
   * @default 15 minutes, the longest that Lambda knows
   */
  readonly timeoutMs?: number;
}

/** What a chat model says. What it throws is an HTTP 500 of the model's container. */
export type Brain = (request: ChatRequest) => string | Promise<string>;

/** From one JSON document to another. What it throws is an HTTP 500 of the model's container. */
export type JsonBrain = (input: unknown) => unknown;
