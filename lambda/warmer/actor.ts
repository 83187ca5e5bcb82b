import { randomUUID } from 'node:crypto';
import { CallError } from '../../core/run/errors';
import type { FirstCall, WarmedBackend } from '../../core/warm';
import { isServiceError, serviceErrorKind } from '../backends/service-errors';
import type { Entry } from '../warm-board/board';
import {
  type ComponentDocument,
  type ComponentKnowledge,
  componentId,
  componentKnowledgeId,
  firstCallId,
  holdId,
  POLICY_ID,
} from '../warm-board/documents';
import type { WarmerContext } from './context';
import { Keeper } from './keeper';
import { faultOf } from './log';
import { policyOf } from './memory';
import { type Observer, staysWarmMs } from './observer';

/** A copy that only calls keep is called again when it has so long left: the schedule comes every minute. */
const TOUCH_AHEAD_MS = 90_000;

/** For a call that starts a function, or tells that a model is not ready. */
const TOUCH_MS = 20_000;

/** What fails is tried again after this, then after twice as long, and after some times left to the schedule. */
const FIRST_RETRY_MS = 1_000;
const MAX_FAILURES = 5;

interface Failures {
  readonly count: number;
  readonly nextAtMs: number;
}

/** For a call that builds caches. */
const FIRST_CALL_MS = 60_000;

/** What refuses it for so long after it began to serve will not take it. */
const FIRST_CALL_WITHIN_MS = 600_000;

/**
 * Brings about what the board says should be: whatever the decisions hold is raised, anything else is as it was found.
 *
 * It goes by the difference, not by what was just decided. So it makes up for an invocation that ended half-way, and two
 * that meet do the same.
 */
export class Actor {
  readonly #context: WarmerContext;
  readonly #observer: Observer;
  readonly #keeper: Keeper;
  readonly #failures = new Map<string, Failures>();
  readonly #owner = randomUUID();

  constructor(context: WarmerContext, observer: Observer) {
    this.#context = context;
    this.#observer = observer;
    this.#keeper = new Keeper(context);
  }

  /** @returns the keys for which it has to be tried again */
  async bringAbout(keys: readonly string[]): Promise<string[]> {
    const { board, config } = this.#context;
    const entries = await board.read([POLICY_ID, ...keys.flatMap((key) => [holdId(key), componentKnowledgeId(key)])]);
    const { holds } = policyOf(entries.get(POLICY_ID)).state;
    const nowMs = this.#context.time.nowMs();
    const isDone = await Promise.all(
      keys.map((key) => {
        const backend = Object.hasOwn(config.backends, key) ? config.backends[key] : undefined;
        const held = holds[key];
        const copies = backend && held && held.untilMs > nowMs && this.#context.isEnabled ? held.copies : 0;
        const untilMs = held?.untilMs ?? 0;
        return this.#unlessFailing(key, () => this.#bring(key, backend, { copies, untilMs }, entries));
      }),
    );
    return keys.filter((_, at) => !isDone[at]);
  }

  /**
   * Of what is held: components with copies that have not answered a call since they came. Whatever became of the
   * invocation that was to call them, or of its calls.
   */
  async uncalled(): Promise<string[]> {
    const { board, config, time } = this.#context;
    const keys = Object.keys(config.backends).filter((key) => firstCallOf(config.backends[key]!));
    if (keys.length === 0) return [];
    const entries = await board.read([POLICY_ID, ...keys.flatMap(firstCallIds)]);
    const { holds } = policyOf(entries.get(POLICY_ID)).state;
    const nowMs = time.nowMs();
    return keys.filter((key) => firstCallsDue(key, entries, nowMs) && (holds[key]?.untilMs ?? 0) > nowMs);
  }

  /**
   * For engines that build caches at their first call. Nothing says which copy a call goes to: as many at once as there are
   * copies are the most likely to reach all. Of several that come to make them, one does.
   */
  async callFirst(key: string): Promise<void> {
    const { board, config, call, log, time } = this.#context;
    const backend = config.backends[key]!;
    if (!firstCallOf(backend)) return;
    try {
      if (!(await this.#mayCallFirst(key))) return;
      const due = firstCallsDue(key, await board.read(firstCallIds(key)), time.nowMs());
      if (due) {
        const calls = Array.from({ length: due.copies }, () => call(key, backend, FIRST_CALL_MS));
        // One that fails does not end the invocation before the others have answered.
        await Promise.allSettled(calls);
        await Promise.all(calls);
        await this.#observer.calledFirst(key, due.risenAtMs);
        log('INFO', 'called for the first time', { component: key, copies: due.copies });
      }
    } catch (error) {
      log('ERROR', 'the first call failed', { component: key, ...faultOf(error) });
    }
    await board.free(firstCallId(key), this.#owner).catch(() => {});
  }

  #mayCallFirst(key: string): Promise<boolean> {
    const nowMs = this.#context.time.nowMs();
    return this.#context.board.lease(firstCallId(key), this.#owner, nowMs, nowMs + FIRST_CALL_MS);
  }

  async #bring(
    key: string,
    backend: WarmedBackend | undefined,
    { copies, untilMs }: { readonly copies: number; readonly untilMs: number },
    entries: ReadonlyMap<string, Entry>,
  ): Promise<boolean> {
    const entry = entries.get(holdId(key));
    const configured = backend?.type === 'sagemaker' ? (backend.minCopies ?? 0) : 0;
    if (!backend || copies === 0) return (await this.#keeper.restore(key, entry, configured)) === 'as wanted';
    if (backend.type === 'sagemaker') return (await this.#keeper.raise(key, backend, copies, entry)) === 'as wanted';
    const { time } = this.#context;
    const { servedAtMs = 0 } = (entries.get(componentKnowledgeId(key))?.value ?? {}) as Partial<ComponentKnowledge>;
    const leftMs = servedAtMs + staysWarmMs(backend) - time.nowMs();
    const isLongEnough = leftMs >= TOUCH_AHEAD_MS || time.nowMs() + leftMs >= untilMs;
    return isLongEnough || this.#touch(key, backend);
  }

  async #touch(key: string, backend: WarmedBackend): Promise<boolean> {
    try {
      await this.#context.call(key, backend, TOUCH_MS);
    } catch (error) {
      if (isNotReady(error)) return false;
      throw error;
    }
    await this.#observer.answered(key);
    this.#context.log('INFO', 'touched', { component: key });
    return true;
  }

  /**
   * What fails for one backend must not keep the others waiting.
   *
   * @returns whether nothing is left to do, or it has failed too often
   */
  async #unlessFailing(key: string, work: () => Promise<boolean>): Promise<boolean> {
    const { time, log } = this.#context;
    const { count, nextAtMs } = this.#failures.get(key) ?? { count: 0, nextAtMs: 0 };
    if (count >= MAX_FAILURES) return true;
    if (time.nowMs() < nextAtMs) return false;
    try {
      const isDone = await work();
      this.#failures.delete(key);
      return isDone;
    } catch (error) {
      this.#failures.set(key, { count: count + 1, nextAtMs: time.nowMs() + FIRST_RETRY_MS * 2 ** count });
      log('ERROR', 'an action failed', { component: key, ...faultOf(error) });
      return false;
    }
  }
}

const firstCallIds = (key: string) => [componentId(key), componentKnowledgeId(key)];

/** The copies to call if some have come that nobody has called, and when they came. A call of a run has met one copy. */
function firstCallsDue(
  key: string,
  entries: ReadonlyMap<string, Entry>,
  nowMs: number,
): { readonly copies: number; readonly risenAtMs: number } | undefined {
  const [seen, known] = firstCallIds(key).map((id) => entries.get(id)?.value);
  const { copies = 0, risenAtMs = 0 } = (seen ?? {}) as Partial<ComponentDocument>;
  const { servedAtMs = 0, firstCalledAtMs = 0 } = (known ?? {}) as Partial<ComponentKnowledge>;
  const isNew = copies > 0 && nowMs - risenAtMs < FIRST_CALL_WITHIN_MS;
  const calledAtMs = copies === 1 ? Math.max(servedAtMs, firstCalledAtMs) : firstCalledAtMs;
  return isNew && calledAtMs < risenAtMs ? { copies, risenAtMs } : undefined;
}

/** Of others the call that starts a copy is the first. */
function firstCallOf(backend: WarmedBackend): FirstCall | undefined {
  return backend.type === 'sagemaker' ? backend.firstCall : undefined;
}

function isNotReady(error: unknown): boolean {
  if (error instanceof CallError) return error.kind === 'not-ready';
  return isServiceError(error) && serviceErrorKind(error) === 'not-ready';
}
