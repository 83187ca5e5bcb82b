import { asBrokenAnswer, isOfAnswer } from './stream-errors';

/**
 * The events of a streamed answer. The connection is closed at once if the signal aborts, or if its reader stops before
 * the end: the SDK would leave it open, and the model at work.
 *
 * @param open sends the command
 */
export async function* eventsOf<Event>(
  open: (abortSignal: AbortSignal) => Promise<AsyncIterable<Event> | undefined>,
  abortSignal: AbortSignal,
): AsyncGenerator<Event> {
  const hangUp = new AbortController();
  let hasBegun = false;
  let isOver = false;
  try {
    const events = await open(AbortSignal.any([abortSignal, hangUp.signal]));
    hasBegun = true;
    for await (const event of events ?? []) yield event;
    isOver = true;
  } catch (error) {
    // The SDK reads the first event before it hands over the stream.
    hasBegun ||= isOfAnswer(error);
    throw hasBegun ? asBrokenAnswer(error) : error;
  } finally {
    // A connection whose answer is over already serves another call.
    if (hasBegun && !isOver) hangUp.abort();
  }
}
