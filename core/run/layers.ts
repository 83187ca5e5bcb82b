import type { CallResult } from './call';
import type { CallMeter } from './call-meter';
import type { CallRecord, Mutable } from './record';
import type { Scope } from './scope';

/** One try of a call on its way to the backend. */
export interface Sending {
  /** Checked against the component's input schema. */
  readonly input: unknown;
  /** What ends it. A layer that ends tries itself gives each a part of it, which costs less than a signal that follows another. */
  readonly scope: Scope;
  /** Which of the component's backends is to take it. */
  readonly alternative: number;
  readonly on: CallEvents;
}

/** Brings the checked answer. Rejects with a `CallError` or the reason of the abort, as soon as that comes. */
export type Send = (sending: Sending) => Promise<CallResult>;

/** What a call wants to know of its tries. */
export interface CallEvents {
  /** A try leaves for the backend; its number comes back. */
  sent(): number;
  /** Takes a part of the text of a try's answer as it comes, and an object that is that try's own; there only if the call reads it. */
  readonly text?: ((part: string, of: object) => void) | undefined;
  /** The backend has answered, in time or after the try was given up: that costs, whatever the answer is worth. */
  answered(result: CallResult, isLate: boolean): void;
  /** A try is under way, and the call pays for it from now on. */
  metered(meter: CallMeter): void;
  /** The try of another call answers for this one. */
  joined(): void;
  /** Something happened that the record of the call shows. */
  note(write: (record: Mutable<CallRecord>) => void): void;
}
