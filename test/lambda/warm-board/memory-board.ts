import type { Board, Entry, WriteOptions } from '../../../lambda/warm-board/board';

/** The board without a network, for tests that need many. Nothing expires. */
export class MemoryBoard implements Board {
  readonly documents = new Map<string, Entry>();
  readonly #leases = new Map<string, { readonly owner: string; readonly untilMs: number }>();
  #revisions = 0;

  async read(ids: readonly string[]): Promise<ReadonlyMap<string, Entry>> {
    return new Map(
      ids.flatMap((id): [string, Entry][] => (this.documents.has(id) ? [[id, this.documents.get(id)!]] : [])),
    );
  }

  async write(id: string, value: unknown, before: string | undefined, _options: WriteOptions = {}) {
    if (this.documents.get(id)?.revision !== before) return undefined;
    const revision = String(++this.#revisions);
    this.documents.set(id, { revision, value: structuredClone(value) });
    return revision;
  }

  async remove(id: string, before: string): Promise<boolean> {
    return this.documents.get(id)?.revision === before && this.documents.delete(id);
  }

  async lease(id: string, owner: string, nowMs: number, untilMs: number): Promise<boolean> {
    const current = this.#leases.get(id);
    if (current && current.untilMs > nowMs) return false;
    this.#leases.set(id, { owner, untilMs });
    return true;
  }

  async free(id: string, owner: string): Promise<void> {
    if (this.#leases.get(id)?.owner === owner) this.#leases.delete(id);
  }
}
