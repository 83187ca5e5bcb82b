import type { NodeTimeout } from '../graph/definition';
import { unlessAborted } from './abort';
import type { Call, Caller, CallResult, Clock } from './call';
import { Scope } from './scope';

/**
 * Makes one try of a call. Silence for too long, before its first chunk or between two, aborts it. Settles at the latest
 * when the signal aborts.
 *
 * @param onEnd called when the backend is done with the call, with its answer, unless that came too late or not at all
 */
export function attempt(
  caller: Caller,
  clock: Clock,
  { firstChunkMs, idleMs }: NodeTimeout,
  call: Omit<Call, 'progress'>,
  onEnd: (answer?: CallResult) => void,
): Promise<CallResult> {
  const isWatched = firstChunkMs !== undefined || idleMs !== undefined;
  const watch = new Scope(clock);
  const signal = isWatched ? AbortSignal.any([watch.signal, call.signal]) : call.signal;
  const listen = (silenceMs: number | undefined, fault: string) =>
    watch.limit(silenceMs, `component "${call.component.name}" ${fault} for ${silenceMs} ms`);

  listen(firstChunkMs, 'did not begin to answer');
  const progress = () => listen(idleMs, 'stopped in its answer');
  const answer = makeCall(caller, { ...call, signal, progress });
  const lose = () => onEnd();
  return unlessAborted(answer, signal).then(
    (result) => {
      watch.done();
      onEnd(result);
      return result;
    },
    (error: unknown) => {
      watch.done();
      answer.then(lose, lose);
      throw error;
    },
  );
}

/** A caller that throws rejects. */
async function makeCall(caller: Caller, call: Call): Promise<CallResult> {
  return caller(call);
}
