import type { Server } from '../agent/servers';
import type { Actor, Timeline } from '../kernel/timeline';
import type { Request } from '../serving/copy-pool';
import type { Work } from '../serving/copy-profile';
import type { RequestListener } from '../serving/sequence';
import { type Quantile, quantileFunction } from '../workload/draw';
import type { ToolModel } from './world-model';

class ToolCall implements Actor, Request {
  #isCancelled = false;

  constructor(
    private readonly timeline: Timeline,
    private readonly listener: RequestListener,
  ) {}

  act(): void {
    if (!this.#isCancelled) this.listener.onDone(this.timeline.nowUs, 0);
  }

  cancel(): void {
    this.#isCancelled = true;
  }
}

/** A component that is always ready. */
export class Tool implements Server {
  readonly warmCopies = Infinity;
  readonly answerLimitUs = Infinity;
  readonly #durationMs: Quantile;
  readonly #calls: { readonly atUs: number; count: number }[] = [];

  constructor(
    readonly name: string,
    private readonly model: ToolModel,
    private readonly timeline: Timeline,
  ) {
    this.#durationMs = quantileFunction(model.durationMs);
  }

  submit({ promptTokens, outputTokens }: Work, listener: RequestListener, key: number): Request {
    const durationUs = Math.max(1, Math.round(this.#durationMs(key, { promptTokens, outputTokens }) * 1000));
    const call = new ToolCall(this.timeline, listener);
    this.#count();
    this.timeline.at(this.timeline.nowUs + durationUs, call);
    return call;
  }

  costUsd(fromUs: number, toUs: number): number {
    const calls = this.#calls.reduce((sum, { atUs, count }) => sum + (atUs >= fromUs && atUs < toUs ? count : 0), 0);
    return calls * (this.model.pricePerCallUsd ?? 0);
  }

  /** By the hour: what is billed is asked for by the day. */
  #count(): void {
    const atUs = Math.floor(this.timeline.nowUs / 3600e6) * 3600e6;
    const last = this.#calls.at(-1);
    if (last?.atUs === atUs) last.count++;
    else this.#calls.push({ atUs, count: 1 });
  }
}
