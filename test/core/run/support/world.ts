import { type Component, type Graph, type TokenUsage, tool } from 'cdk-compound-inference/graph';
import {
  type Call,
  type CallResult,
  type CopyRate,
  Engine,
  RunError,
  type RunOptions,
  type RunRecord,
} from 'cdk-compound-inference/run';
import { z } from 'zod';
import { planning } from '../../../../core/run/planning';
import type { CallPolicies } from '../../../../core/run/policies';
import { ClockView, VirtualClock } from './virtual-clock';

/** How a component takes one try: it answers with `output`, or fails with `error`. */
export interface Reply {
  /** Time until it ends, 0 if left out; it never ends if infinite. */
  readonly afterMs?: number;
  readonly output?: unknown;
  readonly error?: unknown;
  /** When the parts of the answer arrive, counted from the start. */
  readonly chunksMs?: readonly number[];
  /** The text of the answer, part by part, to whoever reads it as it comes. */
  readonly parts?: readonly { readonly afterMs: number; readonly text: string }[];
  /** The backend goes on when the signal aborts, as one does that cannot be told to stop. */
  readonly ignoresAbort?: true;
  readonly usage?: TokenUsage;
  readonly costUsd?: number;
  /** What the copy costs that takes it. */
  readonly copy?: CopyRate;
  /** What a call costs when it leaves. */
  readonly perCallUsd?: number;
}

/** One try as its backend saw it. Times are clock times. */
export interface Try {
  readonly component: string;
  readonly input: any;
  readonly attempt: number;
  /** Which of the component's backends it was. */
  readonly alternative: number;
  readonly signal: AbortSignal;
  readonly startMs: number;
  /** Tries of the component that were in flight when it started, itself included. */
  readonly inFlight: number;
  /** When the backend was done with it. */
  endMs?: number;
  abortMs?: number;
}

/** A component that takes and answers anything. */
export function anyTool(name: string, concurrency?: number): Component {
  return tool(name, { input: z.any(), output: z.any(), ...(concurrency !== undefined && { concurrency }) });
}

/** What a run came to: an output or an error, and its record. */
export interface Outcome {
  readonly output?: any;
  readonly error?: RunError;
  readonly record: RunRecord;
}

/** Backends in virtual time. They put every try on record and do as `reply` says. */
export class World {
  readonly clock = new VirtualClock();
  readonly tries: Try[] = [];
  readonly engine: Engine;
  readonly #engineClock = new ClockView(this.clock);

  /** @param random of the engine; a constant if a number */
  constructor(
    private readonly reply: (call: Call) => Reply = () => ({}),
    random: number | (() => number) = 0.5,
    policies?: CallPolicies,
  ) {
    this.engine = new Engine({
      caller: (call) => this.#take(call),
      clock: this.#engineClock,
      random: typeof random === 'number' ? () => random : random,
      policies,
      planning: planning(),
    });
  }

  /** Runs a graph to its end, for which it lets time pass. */
  run(graph: Graph, request: unknown = {}, options: RunOptions = {}): Promise<Outcome> {
    return this.clock.until(this.start(graph, request, options));
  }

  /** Starts a run: its outcome comes as the clock goes on. */
  start(graph: Graph, request: unknown = {}, options: RunOptions = {}): Promise<Outcome> {
    return this.engine.run(graph, request, options).catch((error: unknown) => {
      if (error instanceof RunError) return { error, record: error.record };
      throw error;
    });
  }

  /** Tries that their backends are not done with. */
  get inFlight(): Try[] {
    return this.tries.filter(({ endMs }) => endMs === undefined);
  }

  /** Timers that the engine has set, without those of the backends. */
  get engineTimers(): number {
    return this.#engineClock.liveTimers;
  }

  /** The tries of one component. */
  triesOf(component: string): Try[] {
    return this.tries.filter((made) => made.component === component);
  }

  #take(call: Call): Promise<CallResult> {
    const { clock } = this;
    const made: Try = {
      component: call.component.name,
      input: call.input,
      attempt: call.attempt,
      alternative: call.alternative ?? 0,
      signal: call.signal,
      startMs: clock.now(),
      inFlight: 1 + this.inFlight.filter(({ component }) => component === call.component.name).length,
    };
    this.tries.push(made);
    const reply = this.reply(call);
    const { afterMs = 0, chunksMs = [], output, usage, costUsd, copy, perCallUsd } = reply;
    if (copy || perCallUsd !== undefined) {
      call.meter?.({ ...(copy && { copy }), ...(perCallUsd !== undefined && { perCallUsd }) });
    }

    return new Promise((resolve, reject) => {
      const timers = chunksMs.map((ms) => clock.setTimer(() => call.progress(), ms));
      for (const { afterMs: ms, text } of reply.parts ?? []) {
        timers.push(clock.setTimer(() => call.onText?.(text), ms));
      }
      const ended = new AbortController();
      const end = () => {
        made.endMs = clock.now();
        ended.abort();
        for (const timer of timers) clock.clearTimer(timer);
      };
      const finish = () => {
        end();
        if ('error' in reply) reject(reply.error);
        else resolve({ output, ...(usage && { usage }), ...(costUsd !== undefined && { costUsd }) });
      };
      const abort = () => {
        if (made.endMs !== undefined) return;
        made.abortMs = clock.now();
        if (reply.ignoresAbort) return;
        end();
        reject(call.signal.reason as Error);
      };
      if (call.signal.aborted) abort();
      else call.signal.addEventListener('abort', abort, { signal: ended.signal });
      if (afterMs !== Infinity) timers.push(clock.setTimer(finish, afterMs));
    });
  }
}

/** The names of components in the order in which their tries started. */
export const order = (tries: readonly Try[]) => tries.map(({ component }) => component);
