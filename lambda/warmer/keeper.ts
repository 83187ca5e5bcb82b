import { raiseCapacity, releaseCapacity, type SageMakerBackend, settled } from '../../core/warm';
import type { Entry } from '../warm-board/board';
import { type HoldDocument, holdId } from '../warm-board/documents';
import type { WarmerContext } from './context';
import { isMissing, OPERATION_MS } from './control-plane';

/** Whoever wrote down what it will do has so long to do it; nobody else acts on the same capacity before. */
const WORK_MS = 2 * OPERATION_MS;

/** How a capacity stands beside what is wanted of it. */
export type Kept = 'as wanted' | 'not yet';

/** Where a capacity is, and the most that it may be. */
interface Capacity {
  readonly current: number;
  readonly maximum: number;
}

/** A change that is written down, and who else may act from when on. */
interface Work {
  readonly key: string;
  readonly document: HoldDocument;
  readonly revision: string;
  readonly workingUntilMs: number;
}

/**
 * Raises the capacity of a component for as long as it is held, and puts it back as it was found.
 *
 * What is about to change is written down first, under a condition that lets one of many through; so anybody can go on
 * where somebody stopped. The minimum of a scalable target is what protects copies from its policies; without a target
 * nothing takes them away, and their number itself is changed.
 */
export class Keeper {
  readonly #context: WarmerContext;

  constructor(context: WarmerContext) {
    this.#context = context;
  }

  /** @param entry what is written down of it */
  async raise(key: string, backend: SageMakerBackend, copies: number, entry: Entry | undefined): Promise<Kept> {
    const known = entry?.value as HoldDocument | undefined;
    if (this.#isBusy(known)) return 'not yet';
    const name = nameOf(backend);
    if (known?.hold.isSet && !known.hold.isReleased && known.copies === copies) {
      return this.#start(key, known, entry?.revision, backend);
    }

    const lever = known?.lever ?? ((await this.#context.plane.target(name)) ? 'minimum' : 'copies');
    const capacity = await this.#capacity(lever, name, backend.maxCopies);
    if (!capacity) return this.#forget(key, entry);
    const { hold, value } = raiseCapacity(known?.hold, capacity.current, copies, capacity.maximum);
    if (!known && value === undefined) return 'as wanted';
    const document: HoldDocument = { hold, lever, ...name, copies };
    if (value === undefined) {
      const isWritten = await this.#write(key, document, entry?.revision);
      return isWritten ? 'as wanted' : 'not yet';
    }
    const work = await this.#begin(key, document, entry?.revision);
    if (!work) return 'not yet';
    await this.#set(work, value);
    const done = { ...document, hold: settled(hold) };
    const revision = await this.#write(key, done, work.revision);
    this.#context.log('INFO', 'raised', {
      component: key,
      lever,
      from: capacity.current,
      to: value,
      found: hold.found,
    });
    return this.#start(key, done, revision, backend);
  }

  /**
   * Puts a capacity back, unless somebody else has changed it since. If they have raised a minimum further, as the tuner may
   * for a time, what was found stays written down until they come back.
   *
   * @param configured what its scaling keeps without the warmer
   */
  async restore(key: string, entry: Entry | undefined, configured: number): Promise<Kept> {
    if (!entry) return 'as wanted';
    const { workingUntilMs, ...known } = entry.value as HoldDocument;
    if (this.#isBusy({ workingUntilMs })) return 'not yet';
    const { hold, lever } = known;
    const work = await this.#begin(key, known, entry.revision);
    if (!work) return 'not yet';
    const capacity = await this.#orLetOthers(work, () => this.#capacity(lever, known, Infinity));
    const release = capacity && releaseCapacity(hold, capacity.current, configured, capacity.maximum);
    if (release?.value !== undefined) await this.#set(released(work), release.value);
    const { board, log } = this.#context;
    // Copies that nothing scales are lowered by nobody who would come back.
    const waiting = lever === 'minimum' ? release?.hold : undefined;
    if (waiting) await this.#write(key, { ...known, hold: waiting }, work.revision);
    else await board.remove(holdId(key), work.revision);
    if (hold.isReleased && waiting?.isReleased && release?.value === undefined) return 'as wanted';
    const from = capacity?.current;
    const isOfOthers = from !== undefined && from !== hold.found && !hold.set.includes(from);
    const left = waiting ? 'somebody else has raised it further' : 'somebody else has changed it since';
    log('INFO', 'restored', { component: key, lever, from, found: hold.found, ...(isOfOthers && { left }) });
    return 'as wanted';
  }

  /**
   * Has a raised minimum act at once: whether Application Auto Scaling does so before it looks at its metrics again is
   * not documented.
   */
  async #start(
    key: string,
    document: HoldDocument,
    revision: string | undefined,
    backend: SageMakerBackend,
  ): Promise<Kept> {
    const { lever, hold, copies } = document;
    if (lever === 'copies' || hold.isYielded) return 'as wanted';
    const name = nameOf(backend);
    const { desiredCopies } = await this.#context.plane.copies(name);
    const wanted = Math.min(copies, hold.set.at(-1)!);
    if (desiredCopies >= wanted) return 'as wanted';
    const target = await this.#context.plane.target(name);
    if (!target || !hold.set.includes(target.minimum)) {
      // Others have changed the minimum since: they do not want the copies.
      await this.#write(key, { ...document, hold: { ...hold, isYielded: true } }, revision);
      return 'as wanted';
    }
    await this.#context.plane.setCopies(name, wanted);
    this.#context.log('INFO', 'started', { component: key, fromCopies: desiredCopies, toCopies: wanted });
    return 'as wanted';
  }

  /** @returns undefined if there is nothing any more whose capacity could be changed */
  async #capacity(lever: HoldDocument['lever'], name: Parameters<typeof nameOf>[0], most: number) {
    const { plane } = this.#context;
    try {
      if (lever === 'minimum') {
        const target = await plane.target(name);
        return target && ({ current: target.minimum, maximum: target.maximum } satisfies Capacity);
      }
      return { current: (await plane.copies(name)).desiredCopies, maximum: most } satisfies Capacity;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** Writes down what is about to change, so that nobody else changes it meanwhile. */
  async #begin(key: string, document: HoldDocument, before: string | undefined): Promise<Work | undefined> {
    const workingUntilMs = this.#context.time.nowMs() + WORK_MS;
    const revision = await this.#write(key, { ...document, workingUntilMs }, before);
    return revision === undefined ? undefined : { key, document, revision, workingUntilMs };
  }

  async #set(work: Work, value: number): Promise<void> {
    const { plane, time } = this.#context;
    const { lever, ...document } = work.document;
    await this.#orLetOthers(work, () => {
      if (time.nowMs() + OPERATION_MS > work.workingUntilMs) throw new Error('too late to change it: others may');
      return lever === 'minimum' ? plane.setMinimum(nameOf(document), value) : plane.setCopies(nameOf(document), value);
    });
  }

  /** If work fails, others may try at once. It may have come about all the same, so what is written down stays. */
  async #orLetOthers<T>({ key, document, revision }: Work, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await this.#write(key, document, revision);
      throw error;
    }
  }

  async #forget(key: string, entry: Entry | undefined): Promise<Kept> {
    if (entry) await this.#context.board.remove(holdId(key), entry.revision);
    return 'as wanted';
  }

  #write(key: string, document: HoldDocument, before: string | undefined): Promise<string | undefined> {
    return this.#context.board.write(holdId(key), document, before);
  }

  #isBusy(known: Pick<HoldDocument, 'workingUntilMs'> | undefined): boolean {
    return (known?.workingUntilMs ?? 0) > this.#context.time.nowMs();
  }
}

/** Work on what waits no more: if it fails, its capacity is one that could not be put back. */
function released({ document, ...work }: Work): Work {
  const { isReleased: _, ...hold } = document.hold;
  return { ...work, document: { ...document, hold } };
}

function nameOf({
  inferenceComponentName,
  region,
}: {
  readonly inferenceComponentName: string;
  readonly region?: string;
}) {
  return { inferenceComponentName, ...(region !== undefined && { region }) };
}
