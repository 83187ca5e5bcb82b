import type { Clock } from '../../core/run/call';
import { refusalOf } from './refusals';
import type { ServiceName } from './service-name';

/** What goes wrong with calls of AWS, for tests of code that has to live with it. */
export interface Fault {
  /** A service, such as `DynamoDB`, or one of its operations, such as `DynamoDB.GetItem`. */
  readonly calls: ServiceName | `${ServiceName}.${string}`;
  /** The world's time that passes before the service does anything. A caller that hangs up before leaves no trace. @default 0 */
  readonly delayMs?: number;
  /**
   * `throttled` and `unavailable` are refused with the error of the service; of `lost` ones the service does what it was
   * asked for, and the connection breaks before the answer; before its first part if it is streamed.
   *
   * @default - the call is answered
   */
  readonly outcome?: 'throttled' | 'unavailable' | 'lost';
  /** How many calls meet it. @default - all, until it is removed */
  readonly times?: number;
}

/** The caller hears nothing of the answer. */
export class AnswerLostError extends Error {
  override readonly name = 'AnswerLostError';
}

export class Faults {
  readonly #active: { readonly fault: Fault; left: number }[] = [];

  constructor(private readonly clock: Clock) {}

  /** @returns removes it */
  add(fault: Fault): () => void {
    const active = { fault, left: fault.times ?? Infinity };
    this.#active.push(active);
    return () => {
      active.left = 0;
    };
  }

  /** A call, and the first fault that it meets, if any. */
  async meet<T>(call: string, signal: AbortSignal, answer: () => T | Promise<T>): Promise<T> {
    const met = this.#active.find(({ fault, left }) => left > 0 && isMeant(fault, call));
    if (!met) return answer();
    met.left--;
    const { delayMs = 0, outcome } = met.fault;
    if (delayMs > 0) await this.#wait(delayMs, signal);
    if (outcome === 'throttled' || outcome === 'unavailable') throw refusalOf(call, outcome);
    const answered = await answer();
    if (outcome === 'lost') throw new AnswerLostError();
    return answered;
  }

  #wait(delayMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = this.clock.setTimer(() => {
        signal.removeEventListener('abort', hangUp);
        resolve();
      }, delayMs);
      const hangUp = () => {
        this.clock.clearTimer(timer);
        reject(signal.reason);
      };
      signal.addEventListener('abort', hangUp, { once: true });
    });
  }
}

function isMeant({ calls }: Fault, call: string): boolean {
  return call === calls || call.startsWith(`${calls}.`);
}
