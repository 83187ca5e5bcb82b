/** What warmers and orchestrators share: documents by id, each with a revision by which writers notice each other. */
export interface Board {
  /** What is there, by id. */
  read(ids: readonly string[]): Promise<ReadonlyMap<string, Entry>>;
  /**
   * Writes a document.
   *
   * @param before revision of the one that it replaces; undefined if there was none
   * @returns the new revision; undefined if somebody else was faster, and nothing was written
   */
  write(id: string, value: unknown, before: string | undefined, options?: WriteOptions): Promise<string | undefined>;
  /** @returns whether it was removed: not if somebody else wrote it since */
  remove(id: string, before: string): Promise<boolean>;
  /** Takes a lease that nobody has, or whose time is over. @returns whether it is the owner's now */
  lease(id: string, owner: string, nowMs: number, untilMs: number): Promise<boolean>;
  /** Gives a lease back before its time. */
  free(id: string, owner: string): Promise<void>;
}

export interface Entry {
  readonly revision: string;
  readonly value: unknown;
}

export interface WriteOptions {
  /** When nobody needs it any more; it stays for good if left out. */
  readonly expiresAtMs?: number;
}
