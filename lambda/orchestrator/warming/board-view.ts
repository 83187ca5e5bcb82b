import type { ComponentRecord } from '../../../core/warm';
import type { Board } from '../../warm-board/board';
import { componentId } from '../../warm-board/documents';

/** What was read, or could not be read, is not read again for so long. */
export const KEPT_MS = 5_000;

/** What the board says of the backends of this process: read once in a while, by all runs together. */
export class BoardView {
  readonly #board: Board;
  readonly #ids: readonly string[];
  readonly #keys: readonly string[];
  #records: ReadonlyMap<string, ComponentRecord> | undefined;
  #reading: Promise<void> | undefined;
  #readAtMs = Number.NEGATIVE_INFINITY;

  constructor(board: Board, keys: readonly string[]) {
    this.#board = board;
    this.#keys = keys;
    this.#ids = keys.map(componentId);
  }

  /** As read last; undefined if that failed. */
  get records(): ReadonlyMap<string, ComponentRecord> | undefined {
    return this.#records;
  }

  /** Reads anew if what is known is old. @throws if the board cannot be read; only to those who waited for it */
  refresh(nowMs: number): Promise<void> | undefined {
    if (!this.#reading && nowMs - this.#readAtMs >= KEPT_MS) {
      this.#readAtMs = nowMs;
      this.#reading = this.#read().finally(() => {
        this.#reading = undefined;
      });
    }
    return this.#reading;
  }

  async #read(): Promise<void> {
    const entries = await this.#board.read(this.#ids).catch((error: unknown) => {
      this.#records = undefined;
      throw error;
    });
    this.#records = new Map(
      this.#keys.flatMap((key): [string, ComponentRecord][] => {
        const entry = entries.get(componentId(key));
        return entry ? [[key, entry.value as ComponentRecord]] : [];
      }),
    );
  }
}
