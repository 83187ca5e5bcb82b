import type { RunEvent } from '../../core/run/events';

/** Tells a caller that the run goes on, and what it waits for as far as that is known. */
export interface HeartbeatEvent {
  readonly type: 'heartbeat';
  /** Names of components without a copy. */
  readonly waitingFor?: readonly string[];
  readonly readyInMs?: number;
}

export type StreamedEvent = RunEvent | HeartbeatEvent;

/**
 * Events that a caller has not read yet, in order. Text of a node is joined to its text before, so that a slow reader costs
 * no more memory than the text itself.
 */
export class UnreadEvents {
  #events: StreamedEvent[] = [];

  get isEmpty(): boolean {
    return this.#events.length === 0;
  }

  add(event: StreamedEvent): void {
    if (event.type === 'text') {
      // Back to what is no text: what happened to a node stays where it happened. So many are looked at as nodes stream.
      for (let index = this.#events.length - 1; index >= 0; index--) {
        const before = this.#events[index]!;
        if (before.type !== 'text') break;
        if (before.node !== event.node) continue;
        this.#events[index] = { ...before, text: before.text + event.text };
        return;
      }
    }
    this.#events.push(event);
  }

  takeAll(): readonly StreamedEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}
