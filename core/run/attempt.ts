import type { NodeTimeout } from '../graph/definition';
import { unlessAborted } from './abort';
import type { Call, Caller, CallResult, Clock } from './call';
import { Scope } from './scope';

/**
 * Makes one try of a call. Silence for too long, before its first chunk or between two, aborts it. Settles at the latest
 * when the signal aborts.
 *
 * @param onEnd called when the backend is done with the call, which may be after it lost its use
 */
export function attempt(
  caller: Caller,
  clock: Clock,
  { firstChunkMs, idleMs }: NodeTimeout,
  call: Omit<Call, 'progress'>,
  onEnd: () => void,
): Promise<CallResult> {
  const isWatched = firstChunkMs !== undefined || idleMs !== undefined;
  const watch = new Scope(clock);
  const signal = isWatched ? AbortSignal.any([watch.signal, call.signal]) : call.signal;
  const listen = (silenceMs: number | undefined, fault: string) =>
    watch.limit(silenceMs, `component "${call.component.name}" ${fault} for ${silenceMs} ms`);

  listen(firstChunkMs, 'did not begin to answer');
  const progress = () => listen(idleMs, 'stopped in its answer');
  const answer = makeCall(caller, { ...call, signal, progress });
  return unlessAborted(answer, signal).finally(() => {
    watch.done();
    answer.then(onEnd, onEnd);
  });
}

/** A caller that throws rejects. */
async function makeCall(caller: Caller, call: Call): Promise<CallResult> {
  return caller(call);
}
