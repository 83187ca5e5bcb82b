import type { ComputeContext } from '../graph/definition';
import type { Clock, Timer } from './call';
import type { ComponentCall } from './component-call';
import { CallError } from './errors';

/**
 * What a node has under way: its calls, its time limit and the signal that ends them.
 *
 * The signal is made when it is first asked for, so that a node that never looks at it costs nothing.
 */
export class NodeScope implements ComputeContext {
  readonly calls: ComponentCall[] = [];
  #controller: AbortController | undefined;
  #timer: Timer;

  constructor(
    private readonly clock: Clock,
    private readonly id: string,
    /** Clock time by which the node must have ended; Infinity if it has no limit. */
    readonly deadline: number,
  ) {
    if (deadline === Infinity) return;
    const leftMs = Math.max(0, deadline - clock.now());
    this.#timer = clock.setTimer(() => {
      this.abort(new CallError('timed-out', `node "${this.id}" did not end within ${Math.round(leftMs)} ms`));
    }, leftMs);
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  /** Ends what is under way; what has ended is not touched. */
  abort(reason: unknown): void {
    this.close();
    this.#controller?.abort(reason);
  }

  /** Ends the time limit. */
  close(): void {
    if (this.#timer !== undefined) this.clock.clearTimer(this.#timer);
    this.#timer = undefined;
  }
}
