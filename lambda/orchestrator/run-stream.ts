import type { Timer } from '../../core/run/call';
import type { RunResult } from '../../core/run/engine';
import type { RunEvent } from '../../core/run/events';
import type { AgentRuns, RunRequest } from './agent-runs';
import type { Problem } from './problem';
import { type StreamedEvent, UnreadEvents } from './unread-events';

/** A caller hears something at least this often: API Gateway and proxies end connections that are silent for long. */
const HEARTBEAT_MS = 5_000;

/** What a run is told in. An empty beginning is not sent. */
export interface StreamWriter {
  /**
   * When the caller is answered: as soon as the run has begun, or with the first event or heartbeat that is written, so that
   * a run which fails before is answered as one that is not streamed.
   */
  readonly opensAt: 'run' | 'first-event';
  /** Whether it writes an event. To a caller who is sent nothing of what happens, the run is silent. */
  takes(event: RunEvent): boolean;
  begin(runId: string): string;
  event(event: StreamedEvent): string;
  /** The end of a run that brought an output. @throws RunError if the output cannot be sent: such a run has failed. */
  output(runId: string, result: RunResult<unknown>): string;
  error(problem: Problem): string;
}

/**
 * Runs an agent and tells of the run while it goes on. The run ends with the caller's interest: the iterator's `return`
 * aborts it.
 *
 * @returns once the run has begun
 * @throws Problem of a run that could not begin
 */
export async function streamRun(
  runs: AgentRuns,
  request: RunRequest,
  writer: StreamWriter,
): Promise<AsyncIterable<string>> {
  const stream = new RunStream(runs, request, writer);
  await stream.begun;
  return stream;
}

/** Not a generator, whose `return` would wait for the next event. */
class RunStream implements AsyncIterableIterator<string> {
  readonly begun: Promise<void>;
  readonly #runs: AgentRuns;
  readonly #request: RunRequest;
  readonly #writer: StreamWriter;
  readonly #abort = new AbortController();
  readonly #running: Promise<void>;
  readonly #unread = new UnreadEvents();
  /** Components without a copy, by the node that waits for them. */
  readonly #waiting = new Map<string, string>();
  #begin!: () => void;
  #refuse!: (problem: unknown) => void;
  #hasBegun = false;
  /** What comes before the unread events, and after them. */
  #first = '';
  #last: string | undefined;
  #isClosed = false;
  #wake: (() => void) | undefined;
  #heartbeat: Timer;
  #toldAtMs = 0;

  constructor(runs: AgentRuns, request: RunRequest, writer: StreamWriter) {
    this.#runs = runs;
    this.#writer = writer;
    const onEvent = (event: RunEvent) => {
      request.onEvent?.(event);
      this.#take(event);
    };
    const signals = [this.#abort.signal, ...(request.signal ? [request.signal] : [])];
    this.#request = { ...request, onEvent, signal: AbortSignal.any(signals) };
    this.begun = new Promise((resolve, reject) => {
      this.#begin = resolve;
      this.#refuse = reject;
    });
    this.#running = this.#run();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<string, undefined>> {
    for (;;) {
      const text = this.#isClosed ? '' : this.#written();
      if (text !== '') return { done: false, value: text };
      if (this.#isClosed) return { done: true, value: undefined };
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Settles when the run has ended and is reported: a function stands still after its answer. */
  async return(): Promise<IteratorResult<string, undefined>> {
    this.#abort.abort();
    this.#close();
    await this.#running;
    return { done: true, value: undefined };
  }

  async #run(): Promise<void> {
    try {
      const last = await this.#runs.run(this.#request, (id, result) => this.#writer.output(id, result));
      this.#start();
      this.#last = last;
    } catch (problem) {
      if (!this.#hasBegun) return this.#refuse(problem);
      this.#last = this.#writer.error(problem as Problem);
    } finally {
      this.#runs.clock.clearTimer(this.#heartbeat);
      this.#wakeReader();
    }
  }

  #start(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.#first = this.#writer.begin(this.#request.runId);
    this.#begin();
  }

  #take(event: RunEvent): void {
    if (this.#heartbeat === undefined) {
      this.#toldAtMs = this.#runs.clock.now();
      this.#watch(HEARTBEAT_MS);
    }
    if (this.#writer.opensAt === 'run') this.#start();
    if (event.type === 'node.waiting') this.#waiting.set(event.node, event.component);
    else this.#waiting.delete(event.node);
    if (this.#writer.takes(event)) this.#tell(event);
  }

  #tell(event: StreamedEvent): void {
    if (this.#isClosed) return;
    this.#start();
    this.#toldAtMs = this.#runs.clock.now();
    this.#unread.add(event);
    this.#wakeReader();
  }

  #watch(delayMs: number): void {
    const { clock } = this.#runs;
    this.#heartbeat = clock.setTimer(() => {
      const silentMs = clock.now() - this.#toldAtMs;
      if (silentMs >= HEARTBEAT_MS) this.#beat();
      this.#watch(silentMs >= HEARTBEAT_MS ? HEARTBEAT_MS : HEARTBEAT_MS - silentMs);
    }, delayMs);
  }

  /** Not for a reader who has yet to read what there is. */
  #beat(): void {
    if (!this.#unread.isEmpty) return;
    const waitingFor = [...new Set(this.#waiting.values())];
    const readyInMs = this.#runs.readyInMs(this.#request.agent);
    this.#tell({
      type: 'heartbeat',
      ...(waitingFor.length > 0 && { waitingFor }),
      ...(readyInMs !== undefined && { readyInMs }),
    });
  }

  /** What there is to read, in one piece; closes the stream with the last. */
  #written(): string {
    let text = this.#first;
    for (const event of this.#unread.takeAll()) text += this.#writer.event(event);
    this.#first = '';
    if (this.#last !== undefined) {
      text += this.#last;
      this.#close();
    }
    return text;
  }

  #close(): void {
    this.#isClosed = true;
    this.#unread.takeAll();
    this.#runs.clock.clearTimer(this.#heartbeat);
    this.#wakeReader();
  }

  #wakeReader(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
