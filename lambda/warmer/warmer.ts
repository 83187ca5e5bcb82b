import { readyDelayMs } from '../../core/run/backoff';
import { MINUTE_MS } from '../../core/time-units';
import type { EntryEvent, RunsEvent, WarmerEvent } from '../../core/warm';
import { POLICY_ID } from '../warm-board/documents';
import { Actor } from './actor';
import type { WarmerContext } from './context';
import { Decider, type Decision } from './decider';
import { Learner } from './learner';
import { faultOf } from './log';
import { Memory, policyOf } from './memory';
import { type Look, Observer } from './observer';
import { vitals } from './vitals';

/** What is due later than the schedule comes again is left to it. */
const SCHEDULE_MS = MINUTE_MS;

/** What an invocation needs at its end to write down what it knows. */
const LAST_WORDS_MS = 10_000;

/**
 * What an invocation of the warmer does: looks, decides, brings it about, and stays until what it started is ready.
 *
 * Nothing depends on it living on: all it knows is on the board, and any later invocation goes on from there.
 */
export class Warmer {
  readonly #context: WarmerContext;
  readonly #observer: Observer;
  readonly #decider: Decider;
  readonly #learner: Learner;
  readonly #actor: Actor;

  constructor(context: WarmerContext) {
    this.#context = context;
    const memory = new Memory(context.board, context.config);
    this.#observer = new Observer(context, memory);
    this.#decider = new Decider(context, memory);
    this.#learner = new Learner(context, memory);
    this.#actor = new Actor(context, this.#observer);
  }

  /** @param remainingMs time that the invocation has left */
  async handle(event: WarmerEvent, remainingMs: number): Promise<void> {
    const { time } = this.#context;
    const endAtMs = time.nowMs() + remainingMs - LAST_WORDS_MS;
    switch (event.type) {
      case 'entry':
        return this.#entry(event, endAtMs);
      case 'runs':
        return this.#runs(event);
      case 'tick':
        return this.#tick(endAtMs);
      case 'stop':
        return new Warmer({ ...this.#context, isEnabled: false }).#tick(endAtMs);
    }
  }

  async #entry(event: EntryEvent, endAtMs: number): Promise<void> {
    const { agent, requests } = event;
    const { config, log, isEnabled } = this.#context;
    if (!Object.hasOwn(config.agents, agent)) {
      log('ERROR', 'a message of an agent that this warmer does not know', { agent });
      return;
    }
    if (requests.length === 0) return;
    if (isEnabled) await this.#observer.look([...new Set(Object.values(config.agents[agent]!.components))]);
    await this.#stay(await this.#decider.decide(requests), endAtMs);
  }

  /** First what they teach: else those that have called something would for a moment seem not to have. */
  async #runs(event: RunsEvent): Promise<void> {
    await this.#unlessFailed('what runs teach is lost', () => this.#learner.runs(event));
    if (event.ended && event.ended.length > 0) await this.#decider.forget(event.ended);
  }

  async #tick(endAtMs: number): Promise<void> {
    const { config, isEnabled, log } = this.#context;
    if (isEnabled) {
      await this.#unlessFailed('demand is not learned', () => this.#learner.demand());
      await this.#observer.look(Object.keys(config.backends));
    }
    await this.#stay(await this.#decider.decide(), endAtMs);
    log('INFO', 'tick', await vitals(this.#context));
  }

  /** Knowledge is worth less than what is done with it. */
  async #unlessFailed(failure: string, learn: () => Promise<void>): Promise<void> {
    try {
      await learn();
    } catch (error) {
      this.#context.log('ERROR', failure, faultOf(error));
    }
  }

  /** Brings about what was decided, and waits until what this invocation has started is ready. */
  async #stay(decision: Decision | undefined, endAtMs: number): Promise<void> {
    const { time } = this.#context;
    const beganAtMs = time.nowMs();
    const awaited = startedBy(decision);
    const told = [decision?.told];
    const calls = new Map<string, Promise<void>>();
    const callFirst = (key: string) => calls.has(key) || calls.set(key, this.#actor.callFirst(key));
    for (const key of await this.#actor.uncalled()) callFirst(key);
    let wakeAtMs = this.#soon(decision);
    let again = this.#ours(await this.#actor.bringAbout(await this.#keys()), awaited);
    for (;;) {
      const nowMs = time.nowMs();
      const isPending = awaited.size > 0 || again.length > 0;
      const pollAtMs = isPending ? nowMs + readyDelayMs(nowMs - beganAtMs, 1) : Number.POSITIVE_INFINITY;
      const nextAtMs = Math.min(pollAtMs, wakeAtMs ?? Number.POSITIVE_INFINITY);
      if (nextAtMs >= endAtMs) break;
      await time.pause(Math.max(0, nextAtMs - nowMs));

      let open = again;
      if (wakeAtMs !== undefined && time.nowMs() >= wakeAtMs) {
        const next = await this.#decider.decide();
        for (const key of startedBy(next)) awaited.add(key);
        told.push(next?.told);
        wakeAtMs = this.#soon(next);
        open = await this.#keys();
      }
      if (open.length > 0) again = this.#ours(await this.#actor.bringAbout(open), awaited);
      const look = await this.#observer.look([...awaited]);
      for (const key of this.#settled(awaited, look)) {
        awaited.delete(key);
        if ((look.records.get(key)?.copies ?? 0) > 0) callFirst(key);
      }
    }
    await Promise.all([...calls.values(), ...told]);
  }

  /** Copies that only calls start are called by who started them, and by the schedule; not by all who come by. */
  #ours(keys: readonly string[], awaited: ReadonlySet<string>): string[] {
    const { backends } = this.#context.config;
    return keys.filter(
      (key) => awaited.has(key) || !Object.hasOwn(backends, key) || backends[key]!.type === 'sagemaker',
    );
  }

  /** Of the components that are waited for: those that serve, and those that nobody wants any more. */
  #settled(keys: ReadonlySet<string>, { holds, records }: Look): string[] {
    const nowMs = this.#context.time.nowMs();
    return [...keys].filter((key) => (records.get(key)?.copies ?? 0) > 0 || (holds[key]?.untilMs ?? 0) <= nowMs);
  }

  /** Of every backend whose capacity may have to be raised or restored. */
  async #keys(): Promise<string[]> {
    const { board, config } = this.#context;
    const { changed } = policyOf((await board.read([POLICY_ID])).get(POLICY_ID));
    return [...new Set([...Object.keys(config.backends), ...changed])];
  }

  #soon(decision: Decision | undefined): number | undefined {
    const wakeAtMs = decision?.wakeAtMs;
    return wakeAtMs !== undefined && wakeAtMs < this.#context.time.nowMs() + SCHEDULE_MS ? wakeAtMs : undefined;
  }
}

function startedBy(decision: Decision | undefined): Set<string> {
  return new Set(decision?.actions.flatMap((action) => (action.type === 'warm' ? [action.component] : [])));
}
