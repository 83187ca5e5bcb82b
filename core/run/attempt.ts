import type { NodeTimeout } from '../graph/definition';
import { unlessAborted } from './abort';
import type { Call, Caller, CallResult, Clock } from './call';
import { Scope } from './scope';

/** What is told of a try. */
export interface TryEvents {
  /** A part of its answer has come. */
  begun(): void;
  /** It has ended: with an answer, or with this error. */
  over(error?: unknown): void;
  /** The backend is done with the call: with its answer, if one came, in time or after the try had ended. */
  done(answer?: CallResult, isLate?: boolean): void;
}

/**
 * Makes one try of a call. Silence for too long, before its first chunk or between two, aborts it. Settles at the latest
 * when the signal aborts.
 */
export function attempt(
  caller: Caller,
  clock: Clock,
  { firstChunkMs, idleMs }: NodeTimeout,
  call: Omit<Call, 'progress'>,
  on: TryEvents,
): Promise<CallResult> {
  const isWatched = firstChunkMs !== undefined || idleMs !== undefined;
  const watch = new Scope(clock);
  const signal = isWatched ? AbortSignal.any([watch.signal, call.signal]) : call.signal;
  const listen = (silenceMs: number | undefined, fault: string) =>
    watch.limit(silenceMs, `component "${call.component.name}" ${fault} for ${silenceMs} ms`);

  listen(firstChunkMs, 'did not begin to answer');
  const progress = () => {
    on.begun();
    listen(idleMs, 'stopped in its answer');
  };
  const answer = makeCall(caller, { ...call, signal, progress });
  return unlessAborted(answer, signal).then(
    (result) => {
      watch.done();
      on.over();
      on.done(result);
      return result;
    },
    (error: unknown) => {
      watch.done();
      on.over(error);
      answer.then(
        (late) => on.done(late, true),
        () => on.done(),
      );
      throw error;
    },
  );
}

/** A caller that throws rejects. */
async function makeCall(caller: Caller, call: Call): Promise<CallResult> {
  return caller(call);
}
