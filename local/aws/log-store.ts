/** A line of a log, as CloudWatch Logs keeps it. */
export interface LogEvent {
  readonly id: number;
  readonly atMs: number;
  readonly message: string;
}

/** Of a log group. The oldest go first: a local stack must not fill the memory. */
const MAX_EVENTS = 2_000;

/** The log groups of a local stack. */
export class LogStore {
  readonly #groups = new Map<string, LogEvent[]>();
  #lastId = 0;

  get groupNames(): string[] {
    return [...this.#groups.keys()].toSorted();
  }

  /** Makes a group, so that it is there before anything was logged. */
  addGroup(name: string): void {
    if (!this.#groups.has(name)) this.#groups.set(name, []);
  }

  put(group: string, atMs: number, messages: readonly string[]): void {
    this.addGroup(group);
    const events = this.#groups.get(group)!;
    for (const message of messages) events.push({ id: ++this.#lastId, atMs, message });
    events.splice(0, events.length - MAX_EVENTS);
  }

  /** The oldest first; undefined if there is no such group. */
  events(group: string): readonly LogEvent[] | undefined {
    return this.#groups.get(group);
  }
}
