import {
  type ComponentRecord,
  type CopyCounts,
  type Hold,
  learnColdStart,
  lookAt,
  NO_KNOWLEDGE,
  type SeenTarget,
  startPathsOf,
  type WarmedBackend,
} from '../../core/warm';
import { copyMetrics } from '../telemetry/copy-metrics';
import type { WarmerContext } from './context';
import { type ComponentName, isMissing } from './control-plane';
import { faultOf } from './log';
import type { Memory, Snapshot } from './memory';

/** An environment of a function, and a copy of an imported model, "5 min without calls" (Bedrock guide). */
const STAYS_WARM_MS = 300_000;

/** The schedule looks every minute, and each of its looks is to count. */
const NEWS_MS = 45_000;

/** A tuner moves a target a few times an hour at most. */
const TARGET_FRESH_MS = 600_000;

/** What was seen, and what is held. */
export interface Look {
  readonly holds: Readonly<Record<string, Hold>>;
  /** Of those that could be seen. */
  readonly records: ReadonlyMap<string, ComponentRecord>;
}

/** How long a copy that only calls start stays after one. */
export function staysWarmMs(backend: WarmedBackend): number {
  return backend.type === 'sagemaker' ? 0 : (backend.staysWarmMs ?? STAYS_WARM_MS);
}

/** Sees how the backends stand, and tells the board. */
export class Observer {
  readonly #context: WarmerContext;
  readonly #memory: Memory;

  constructor(context: WarmerContext, memory: Memory) {
    this.#context = context;
    this.#memory = memory;
  }

  /** Those that cannot be seen now stay as they were seen last. */
  async look(keys: readonly string[]): Promise<Look> {
    const snapshot = await this.#memory.load();
    const seen = await Promise.all(keys.map((key) => this.#lookAt(key, snapshot)));
    return {
      holds: snapshot.policy.state.holds,
      records: new Map(keys.flatMap((key, at): [string, ComponentRecord][] => (seen[at] ? [[key, seen[at]]] : []))),
    };
  }

  /** Notes that a backend without a count of copies has one: it has answered. */
  async answered(key: string): Promise<void> {
    const nowMs = this.#context.time.nowMs();
    await this.#memory.learnOfComponent(key, (known) => ({
      ...known,
      servedAtMs: Math.max(nowMs, known.servedAtMs ?? 0),
    }));
    await this.#note(key, { copies: 1, desiredCopies: 1 }, await this.#memory.load());
  }

  /** Notes that the copies which had come by then have answered their first calls. */
  async calledFirst(key: string, risenAtMs: number): Promise<void> {
    await this.#memory.learnOfComponent(key, (known) => ({ ...known, firstCalledAtMs: risenAtMs }));
  }

  async #lookAt(key: string, snapshot: Snapshot): Promise<ComponentRecord | undefined> {
    const { config, plane, log } = this.#context;
    const backend = config.backends[key]!;
    try {
      if (backend.type !== 'sagemaker') return await this.#note(key, this.#inferred(key, backend, snapshot), snapshot);
      const [counts, target] = await Promise.all([plane.copies(backend), this.#targetOf(key, backend, snapshot)]);
      const { copies: inService, desiredCopies: desired } = counts;
      const nowMs = this.#context.time.nowMs();
      log('INFO', 'copies', copyMetrics(backend.inferenceComponentName, { desired, inService }, nowMs));
      return await this.#note(key, { ...counts, ...(target && { target }) }, snapshot);
    } catch (error) {
      if (!isMissing(error)) log('ERROR', 'a component cannot be seen', { component: key, ...faultOf(error) });
      return undefined;
    }
  }

  /** One that cannot be seen now stays as it was seen last. */
  async #targetOf(key: string, component: ComponentName, snapshot: Snapshot): Promise<SeenTarget | undefined> {
    const { plane, log, time } = this.#context;
    const known = snapshot.record(key)?.value.target;
    if (known && time.nowMs() - known.seenAtMs < TARGET_FRESH_MS) return known;
    try {
      const concurrency = await plane.targetConcurrency(component);
      return concurrency === undefined ? undefined : { concurrency, seenAtMs: time.nowMs() };
    } catch (error) {
      log('ERROR', 'a scaling policy cannot be seen', { component: key, ...faultOf(error) });
      return known;
    }
  }

  /** Nothing tells whether there is a copy; one stays for some time after a call. */
  #inferred(key: string, backend: WarmedBackend, { component, policy }: Snapshot): CopyCounts {
    const nowMs = this.#context.time.nowMs();
    const isWarm = nowMs - (component(key).servedAtMs ?? Number.NEGATIVE_INFINITY) < staysWarmMs(backend);
    const isWanted = (policy.state.holds[key]?.untilMs ?? 0) > nowMs;
    return { copies: isWarm ? 1 : 0, desiredCopies: isWarm || isWanted ? 1 : 0 };
  }

  async #note(key: string, counts: CopyCounts, snapshot: Snapshot): Promise<ComponentRecord> {
    const { config, time, log } = this.#context;
    const nowMs = time.nowMs();
    const before = snapshot.record(key);
    const paths = startPathsOf(config.backends[key]!);
    const { record, ended } = lookAt(key, before?.value, counts, paths, snapshot.knowledge, nowMs);
    if (before && !isNews(record, before.value)) return record;
    const isNoted = await this.#memory.writeRecord(key, record, before?.revision);
    // Whoever is faster tells of it.
    if (!isNoted || !ended) return record;
    log('INFO', 'ready', { component: key, path: ended.path, startMs: Math.round(ended.durationMs) });
    await this.#memory.learnOfComponent(key, (known) => {
      const { coldStarts } = learnColdStart({ ...NO_KNOWLEDGE, ...known }, key, ended.path, ended.durationMs, nowMs);
      return { ...known, coldStarts };
    });
    return record;
  }
}

/** Whether it is worth a write: something has changed, or those who read it would soon take it for out of date. */
function isNews(record: ComponentRecord, before: ComponentRecord): boolean {
  return (
    record.copies !== before.copies ||
    record.desiredCopies !== before.desiredCopies ||
    record.start?.sinceMs !== before.start?.sinceMs ||
    record.target?.seenAtMs !== before.target?.seenAtMs ||
    record.observedAtMs - before.observedAtMs >= NEWS_MS
  );
}
