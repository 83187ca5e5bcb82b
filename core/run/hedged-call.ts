import type { HedgeOptions } from '../graph/call-policies';
import type { CallResult, Clock, Timer } from './call';
import { CallError } from './errors';
import { earnHedge, type HedgeBudget, type HedgeChance, NO_HEDGES, spendHedge } from './hedge';
import type { Send, Sending } from './layers';
import { RollingQuantile } from './rolling-quantile';
import type { Scope } from './scope';

const P95 = 0.95;
/** So many of the last tries, and with fewer than these nothing is said of their P95. */
const WINDOW = 100;
const MIN_TRIES = 20;

/** What a node has learned of its tries at one backend, and the second tries that its calls have earned. */
export class HedgeBook {
  readonly #times = new RollingQuantile(P95, WINDOW);
  #budget: HedgeBudget = NO_HEDGES;

  constructor(private readonly options: HedgeOptions) {}

  /** When a second try is due; undefined as long as nothing is known. */
  get afterMs(): number | undefined {
    return this.options.afterMs ?? (this.#times.count < MIN_TRIES ? undefined : this.#times.value);
  }

  /** Every try earns its share of a second one. */
  earn(): void {
    this.#budget = earnHedge(this.#budget, { ...this.options, afterMs: 0 });
  }

  /** Takes one second try, if there is one to take and it is worth making. */
  spend(afterMs: number, chance: HedgeChance): boolean {
    const left = spendHedge(this.#budget, { ...this.options, afterMs }, chance);
    this.#budget = left ?? this.#budget;
    return left !== undefined;
  }

  learn(tookMs: number): void {
    this.#times.add(tookMs);
  }
}

/** Sends, and sends once more if the answer takes longer than most. The first good answer ends the other try. */
export function hedged(send: Send, clock: Clock, book: HedgeBook, chance: () => HedgeChance): Send {
  return (sending) => {
    book.earn();
    return new HedgedTry(send, clock, book, chance, sending).answer;
  };
}

const LOST = new CallError('failed', 'the other try has ended the call');

/** Two tries at most, each with a part of the scope: what ends the whole ends both. */
class HedgedTry {
  readonly answer: Promise<CallResult>;
  #resolve!: (result: CallResult) => void;
  #reject!: (error: unknown) => void;
  readonly #open = new Set<Scope>();
  #sentMs: number | undefined;
  #hasLearned = false;
  /** What ended the first of the two to fail. */
  #first: { readonly error: unknown } | undefined;
  #timer: Timer;

  constructor(
    private readonly send: Send,
    private readonly clock: Clock,
    private readonly book: HedgeBook,
    private readonly chance: () => HedgeChance,
    private readonly sending: Sending,
  ) {
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#try();
  }

  #try(): void {
    const { sending } = this;
    const scope = sending.scope.part();
    this.#open.add(scope);
    const { text } = sending.on;
    const listen = (part: string, of: object) => {
      if (!this.#open.has(scope)) return;
      this.#keep(scope);
      text!(part, of);
    };
    const on = { ...sending.on, sent: () => this.#sent(), ...(text && { text: listen }) };
    this.send({ ...sending, scope, on }).then(
      (result) => this.#win(scope, result),
      (error: unknown) => this.#lose(scope, error),
    );
  }

  #sent(): number {
    if (this.#sentMs === undefined) {
      const { afterMs } = this.book;
      this.#sentMs = this.clock.now();
      if (afterMs !== undefined) this.#timer = this.clock.setTimer(() => this.#hedge(afterMs), afterMs);
    }
    return this.sending.on.sent();
  }

  #hedge(afterMs: number): void {
    if (!this.book.spend(afterMs, this.chance())) return;
    this.sending.on.note((record) => {
      record.hedges = (record.hedges ?? 0) + 1;
    });
    this.#try();
  }

  /** Of two tries, the first of which a part is read goes on. */
  #keep(scope: Scope): void {
    this.#learn();
    if (this.#timer !== undefined) this.clock.clearTimer(this.#timer);
    this.#timer = undefined;
    this.#first = undefined;
    for (const other of this.#open) {
      if (other === scope) continue;
      this.#open.delete(other);
      other.abort(LOST);
    }
  }

  #win(scope: Scope, result: CallResult): void {
    if (!this.#open.delete(scope)) return;
    this.#learn();
    this.#end();
    this.#resolve(result);
  }

  /** How long the answer took, or the first part of it that is read; of a first try that lost, that it would have taken longer. */
  #learn(): void {
    if (this.#hasLearned) return;
    this.#hasLearned = true;
    this.book.learn(this.clock.now() - this.#sentMs!);
  }

  /** While the other goes on, no error is an answer yet, but that the request is wrong. */
  #lose(scope: Scope, error: unknown): void {
    if (!this.#open.delete(scope)) return;
    this.#first ??= { error };
    const isWrong = error instanceof CallError && error.kind === 'invalid';
    if (this.#open.size > 0 && !isWrong) return;
    this.#end();
    this.#reject(isWrong ? error : this.#first.error);
  }

  /** Whatever still runs is no longer wanted. */
  #end(): void {
    if (this.#timer !== undefined) this.clock.clearTimer(this.#timer);
    const losers = [...this.#open];
    this.#open.clear();
    for (const scope of losers) scope.abort(LOST);
  }
}
