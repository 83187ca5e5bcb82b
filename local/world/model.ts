import type { ChatAnswer, ChatRequest } from '../../core/graph/chat';
import { unlessAborted } from '../../core/run/abort';
import type { Autoscaler } from '../../sim/control/autoscaler';
import type { ClockedTimeline } from '../../sim/kernel/clocked-timeline';
import type { Refusal } from '../../sim/serving/copy-pool';
import type { Work } from '../../sim/serving/copy-profile';
import type { ComponentState, ModelComponent } from '../../sim/world/model-component';
import { estimateTokens, limitAnswer, textOfFirst } from './chat-text';
import type { LocalChatModel, LocalJsonModel, ModelBehaviour } from './component';

/** Of the world's time, between two looks at how far a copy has come: few tokens for one request, and not many looks. */
const LOOK_MS = 50;

/** A call that no copy took. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';

  constructor(readonly refusal: Refusal) {
    super(`the call was refused: ${refusal}`);
  }
}

/** A model whose brain threw: the container answers HTTP 500. */
export class BrainError extends Error {
  override readonly name = 'BrainError';

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** A model of the world: `answer` rejects with a `RefusedError`, a `BrainError` or the reason of the signal. */
export type Model = ChatModel | JsonModel;

abstract class SimulatedModel<Definition extends LocalChatModel | LocalJsonModel> {
  constructor(
    readonly id: string,
    protected readonly definition: Definition,
    /** As at the beginning; how it scales may have been changed since. */
    readonly behaviour: ModelBehaviour,
    private readonly component: ModelComponent,
    private readonly time: ClockedTimeline,
  ) {}

  get backend(): Definition['backend'] {
    return this.definition.backend;
  }

  get state(): ComponentState {
    return this.time.now(() => this.component.state);
  }

  get copiesInService(): number {
    return this.time.now(() => this.component.pool.inService);
  }

  /** Does something with what scales the component, at the present moment of the world. */
  scaling<T>(action: (autoscaler: Autoscaler) => T): T {
    const { autoscaler } = this.component;
    if (!autoscaler) throw new Error(`the copies of ${this.id} are fixed`);
    return this.time.now(() => action(autoscaler));
  }

  /** @throws RangeError if the component cannot have as many. */
  setDesiredCopies(count: number): void {
    this.time.now(() => this.component.setDesiredCopies(count));
  }

  /** Only a call that meets a copy reaches the brain. */
  protected async think<T>(brain: () => T | Promise<T>, signal: AbortSignal): Promise<T> {
    const admission = this.time.now(() => this.component.admit());
    if (admission !== 'admitted') throw new RefusedError(admission);
    const thought = Promise.resolve()
      .then(brain)
      .catch((error: unknown) => {
        throw new BrainError(error);
      });
    return unlessAborted(thought, signal);
  }

  /**
   * Takes a place in a copy for as long as the work lasts; it is free at once when the signal aborts.
   *
   * @param onTokens told how many tokens are out, from the first one on, each time it looks
   */
  protected serve(work: Work, signal: AbortSignal, onTokens?: (tokensOut: number) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const { timeline } = this.time;
      let isOver = false;
      const onDone = () => {
        isOver = true;
        signal.removeEventListener('abort', cancel);
        resolve();
      };
      const look = () => {
        if (isOver || typeof request === 'string') return;
        onTokens?.(request.tokensOut);
        timeline.at(timeline.nowUs + LOOK_MS * 1000, { act: look });
      };
      const onFirstToken = (atUs: number) => timeline.at(atUs, { act: look });
      const request = this.time.now(() =>
        this.component.submit(work, { onDone, ...(onTokens !== undefined && { onFirstToken }) }),
      );
      if (typeof request === 'string') throw new RefusedError(request);
      const cancel = () => {
        isOver = true;
        this.time.now(() => request.cancel());
        reject(signal.reason);
      };
      signal.addEventListener('abort', cancel, { once: true });
    });
  }
}

export class ChatModel extends SimulatedModel<LocalChatModel> {
  readonly kind = 'chat-model' as const;

  /** @param onText takes each part of the text when its tokens are out, the last one before the answer */
  async answer(
    request: ChatRequest,
    signal: AbortSignal,
    onText?: (text: string) => void,
  ): Promise<Required<ChatAnswer>> {
    const said = await this.think(async () => requireText(await this.definition.brain(request)), signal);
    const answer = limitAnswer(said, request);
    const { text, usage } = answer;
    const work = { promptTokens: usage.inputTokens, outputTokens: usage.outputTokens };
    if (onText === undefined) {
      await this.serve(work, signal);
      return answer;
    }

    let told = 0;
    const tell = (out: string) => {
      if (out.length <= told) return;
      onText(out.slice(told));
      told = out.length;
    };
    await this.serve(work, signal, (tokensOut) => tell(textOfFirst(tokensOut, text)));
    tell(text);
    return answer;
  }
}

export class JsonModel extends SimulatedModel<LocalJsonModel> {
  readonly kind = 'json-model' as const;

  async answer(input: unknown, signal: AbortSignal): Promise<unknown> {
    const output = await this.think(async () => requireJson((await this.definition.brain(input)) ?? null), signal);
    const promptTokens = estimateTokens(JSON.stringify(input));
    await this.serve({ promptTokens, outputTokens: estimateTokens(output) }, signal);
    return JSON.parse(output);
  }
}

/** A brain need not be written in TypeScript. */
function requireText(said: unknown): string {
  if (typeof said === 'string') return said;
  throw new TypeError(`the brain must return a text, got: ${String(said)}`);
}

/** @throws TypeError for a cycle, a function, a bigint, and whatever else is no JSON. */
function requireJson(output: unknown): string {
  const json: string | undefined = JSON.stringify(output);
  if (json !== undefined) return json;
  throw new TypeError(`the brain must return JSON, got: ${String(output)}`);
}
