import type { CallResult, Clock } from './call';
import type { CallMeter } from './call-meter';
import { CallError } from './errors';
import type { CallEvents, Send, Sending } from './layers';
import { Scope } from './scope';

/** A try under way, and the calls that wait for it. */
interface Flight {
  readonly answer: Promise<CallResult>;
  readonly scope: Scope;
  /** In the order of their coming. */
  readonly riders: Set<CallEvents>;
  /** The first rider that is left; of an answer that comes when all have gone, the last one. */
  payer: CallEvents;
  isShared: boolean;
  /** Of the tries that were made for it. */
  readonly meters: CallMeter[];
  /** What has come of the answer's text, if anybody reads it; who comes later reads it from the beginning. */
  told: { readonly text: string; readonly of: object } | undefined;
}

/** Tries with equal keys that are under way at once become one. It ends when the last call that waits for it has gone. */
export class SingleFlight {
  readonly #flights = new Map<string, Flight>();

  constructor(private readonly clock: Clock) {}

  /** @param copy makes an answer of each rider's own, so that none sees what another does to it */
  async send(key: string, sending: Sending, send: Send, copy: (result: CallResult) => CallResult): Promise<CallResult> {
    const { on, scope } = sending;
    for (;;) {
      const flying = this.#flights.get(key);
      const flight = flying ?? this.#launch(key, sending, send);
      if (flying) {
        flying.isShared = true;
        flying.riders.add(on);
        on.joined();
        if (flight.told) on.text?.(flight.told.text, flight.told.of);
      }
      try {
        const result = await ride(flight, scope, (reason) => this.#leave(key, flight, on, reason));
        if (flying) {
          on.note((record) => {
            record.from = 'shared';
          });
        }
        return flight.isShared ? copy(result) : result;
      } catch (error) {
        // What the first rider had left to spend says nothing of this one.
        if (!flying || !(error instanceof CallError) || error.kind !== 'over-budget') throw error;
      }
    }
  }

  #launch(key: string, { input, alternative, on }: Sending, send: Send): Flight {
    const scope = new Scope(this.clock);
    let land!: (answer: Promise<CallResult>) => void;
    const answer = new Promise<CallResult>((resolve) => {
      land = resolve;
    });
    const flight: Flight = {
      answer,
      scope,
      riders: new Set([on]),
      payer: on,
      isShared: false,
      meters: [],
      told: undefined,
    };
    // Before it is sent: a backend may tell at once, and whoever hears it ask the same.
    this.#flights.set(key, flight);
    const events: CallEvents = {
      sent: () => flight.payer.sent(),
      answered: (result, isLate) => flight.payer.answered(result, isLate),
      metered: (meter) => {
        flight.meters.push(meter);
        flight.payer.metered(meter);
      },
      joined: () => {},
      note: (write) => {
        for (const rider of flight.riders) rider.note(write);
      },
      ...(on.text && {
        text: (part, of) => {
          flight.told = { text: (flight.told?.text ?? '') + part, of };
          for (const rider of flight.riders) rider.text?.(part, of);
        },
      }),
    };
    const fly = async () => {
      try {
        return await send({ input, alternative, on: events, scope });
      } finally {
        this.#forget(key, flight);
        // Who leaves after this leaves nothing that is under way.
        scope.done();
      }
    };
    land(fly());
    return flight;
  }

  #leave(key: string, flight: Flight, on: CallEvents, reason: unknown): void {
    flight.riders.delete(on);
    const [next] = flight.riders;
    if (next) {
      if (next !== flight.payer) for (const meter of flight.meters) next.metered(meter);
      flight.payer = next;
      return;
    }
    this.#forget(key, flight);
    flight.scope.abort(reason);
  }

  #forget(key: string, flight: Flight): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}

/** The answer, or the reason of the abort that came first. */
function ride({ answer }: Flight, scope: Scope, leave: (reason: unknown) => void): Promise<CallResult> {
  return new Promise((resolve, reject) => {
    answer.then(resolve, reject);
    scope.add({
      abort: (reason) => {
        leave(reason);
        reject(reason);
      },
    });
  });
}
