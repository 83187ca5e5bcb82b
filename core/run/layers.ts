import type { CallResult } from './call';
import type { CopyMeter } from './copy-meter';
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
  /** Takes a part of the text of a try's answer as it comes; there only if the call reads it. */
  readonly text?: ((part: string, attempt: number) => void) | undefined;
  /** The backend has answered: that costs, whatever the answer is worth. */
  answered(result: CallResult): void;
  /** A copy works on a try, and the call pays for its time from now on. */
  metered(meter: CopyMeter): void;
  /** The try of another call answers for this one. */
  joined(): void;
  /** Something happened that the record of the call shows. */
  note(write: (record: Mutable<CallRecord>) => void): void;
}
