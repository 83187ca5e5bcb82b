import type { NodeTimeout } from '../graph/definition';
import { unlessAborted } from './abort';
import type { Call, Caller, CallResult, Clock, Timer } from './call';
import { CallError } from './errors';

/**
 * Makes one try of a call, under the timeouts of its chunks. Settles at the latest when the signal aborts.
 *
 * @param onEnd called when the backend is done with the call, which may be after it lost its use
 */
export function attempt(
  caller: Caller,
  clock: Clock,
  timeout: NodeTimeout,
  call: Omit<Call, 'progress'>,
  onEnd: () => void,
): Promise<CallResult> {
  const watch = new ChunkWatch(clock, timeout, call.component.name);
  const signal = watch.isNeeded ? AbortSignal.any([watch.signal, call.signal]) : call.signal;
  const answer = makeCall(caller, { ...call, signal, progress: () => watch.progress() });
  return unlessAborted(answer, signal).finally(() => {
    watch.stop();
    answer.then(onEnd, onEnd);
  });
}

/** A caller that throws rejects. */
async function makeCall(caller: Caller, call: Call): Promise<CallResult> {
  return caller(call);
}

/** Aborts a try that keeps silent for too long, before its first chunk or between two. */
class ChunkWatch {
  readonly isNeeded: boolean;
  readonly #controller = new AbortController();
  #timer: Timer;

  constructor(
    private readonly clock: Clock,
    private readonly timeout: NodeTimeout,
    private readonly component: string,
  ) {
    this.isNeeded = timeout.firstChunkMs !== undefined || timeout.idleMs !== undefined;
    this.#arm(timeout.firstChunkMs, 'did not begin to answer');
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  progress(): void {
    if (this.isNeeded) this.#arm(this.timeout.idleMs, 'stopped in its answer');
  }

  stop(): void {
    this.#arm(undefined, '');
    this.progress = () => {};
  }

  #arm(delayMs: number | undefined, fault: string): void {
    if (this.#timer !== undefined) this.clock.clearTimer(this.#timer);
    if (delayMs === undefined) return;
    this.#timer = this.clock.setTimer(() => {
      this.#controller.abort(new CallError('timed-out', `component "${this.component}" ${fault} for ${delayMs} ms`));
    }, delayMs);
  }
}
