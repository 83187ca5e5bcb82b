import type { ChatAnswer } from '../graph/chat';
import type { Component } from '../graph/component';
import type { NodeTimeout, RetryPolicy } from '../graph/definition';
import { unlessAborted } from './abort';
import { checkAnswer, checkInput } from './answer';
import { attempt } from './attempt';
import { coldDelayMs, failureDelayMs, RETRY_DEFAULTS } from './backoff';
import type { Caller, CallResult, Clock, Timer } from './call';
import { CallMeter, type CallRate, type Payment } from './call-meter';
import { CallError, type ServiceFault, toCallError } from './errors';
import type { CallEvents, Send } from './layers';
import type { Limiter } from './limiter';
import type { Planning } from './plan-site';
import type { CallPolicies } from './policies';
import { addUsage, type CallRecord, type Mutable, toErrorRecord } from './record';
import type { Scope } from './scope';
import type { WorkClass } from './work-class';

/** What calls need from outside. */
export interface CallServices {
  readonly caller: Caller;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** The limiter of one backend of a component with a concurrency limit. */
  limiterOf(component: Component, alternative: number): Limiter | undefined;
  /** What is around the tries of components that ask for more than retries; needed only if there are such. */
  readonly policies?: CallPolicies | undefined;
  /** Runs plan nodes; needed only if there are such. */
  readonly planning?: Planning | undefined;
}

/** Takes a part of the text of an answer, and an object that stands for the try that it is of. */
export type TakeText = (text: string, of: object) => void;

/** What a run may cost, and has. */
export interface Spending {
  spentUsd: number;
  readonly budgetUsd: number;
  /** What it is that has the budget. @default 'run' */
  readonly of?: string | undefined;
}

/** The circumstances of a call: whose it is, and within which bounds. */
export interface CallSite {
  /** The node, and the item of a map, as in `facts[3]`. */
  readonly at: string;
  readonly component: Component;
  /** The node, for what is learned of it from run to run. */
  readonly node: object;
  /** Whom the run is for: nobody gets an answer that was made for another. */
  readonly tenant: string | undefined;
  readonly work: WorkClass;
  readonly spending: Spending;
  readonly timeout: NodeTimeout;
  readonly retry: RetryPolicy;
  /** Longest remaining path of the run: who waits for a place goes by it. */
  readonly priority: number;
  /** Clock time by which the node must have ended; Infinity without a deadline. */
  readonly deadline: number;
  /** Clock time at which the run started. */
  readonly runStart: number;
  /** What ends it from outside. */
  readonly scope: Scope;
  /** Ends the run if its time is up, which a busy process has kept it from learning: nothing is sent after that. */
  readonly endIfLate: () => void;
  /** Reads the text of the answer as it comes, of each try. */
  readonly take?: TakeText | undefined;
  /** Takes the text of the answer as it comes, for good: from its first part on no other try may answer. */
  readonly passOn?: ((text: string) => void) | undefined;
  /** Told each time that the call begins to wait for a copy. */
  readonly onCold?: ((component: Component) => void) | undefined;
}

/** A call under way. */
export interface ComponentCall {
  /** Rejects with a `CallError`, also in place of what `input` throws and of the reason of the signal. */
  readonly answer: Promise<unknown>;
  /** Whether the last try met no copy. */
  isCold(): boolean;
  /**
   * What happened to the call. It is over then, cut off by the error if it was under way: nothing that comes later is
   * recorded but what it costs.
   */
  record(cut?: CallError): CallRecord;
}

/** Calls a component, from its place in the queue to its checked answer, with all tries and waits between. */
export function callComponent(services: CallServices, site: CallSite, input: () => unknown): ComponentCall {
  const { caller, clock, random } = services;
  const { component, deadline, runStart, scope } = site;
  const { signal } = scope;
  const policy = { ...RETRY_DEFAULTS, ...site.retry };
  const startMs = clock.now() - runStart;
  const record: Mutable<CallRecord> = { startMs, endMs: startMs, attempts: 0, waitMs: 0, coldMs: 0, costUsd: 0 };
  let phase: 'waiting' | 'cold' | 'trying' | 'over' = 'waiting';
  let failures = 0;
  let triedAt = startMs;
  let isCold = false;
  /** The try whose text is passed on. */
  let teller: object | undefined;
  /** Of the tries that the call pays for. */
  const meters: CallMeter[] = [];

  /** Books the time since the last phase began under that phase. */
  const enter = (next: typeof phase) => {
    if (phase === 'over') return;
    if (next === 'over') for (const meter of meters) meter.settle();
    const endMs = clock.now() - runStart;
    if (phase !== 'trying') record.waitMs += endMs - record.endMs;
    if (phase === 'cold') record.coldMs += endMs - record.endMs;
    record.endMs = endMs;
    phase = next;
  };

  // As an argument, so that the record of a call that is over does not keep the item of a map which its input was made of.
  const run = async (inputOf: () => unknown) => {
    try {
      signal.throwIfAborted();
      const request = await checkInput(component, inputOf(), signal);
      for (;;) {
        try {
          const { output } = await sendOn({ input: request, scope, alternative: 0, on });
          // A backend that does not stream, or an answer that was there already.
          if (site.passOn && !teller) site.passOn((output as ChatAnswer).text);
          return output;
        } catch (error) {
          signal.throwIfAborted();
          if (teller) throw cutOff(toCallError(error, site.at));
          await pause(clock, delayAfter(toCallError(error, site.at)), signal);
          enter('waiting');
        }
      }
    } catch (error) {
      const failure = explain(toCallError(error, site.at));
      if (phase !== 'over') record.error = toErrorRecord(failure);
      throw failure;
    } finally {
      enter('over');
      scope.done();
    }
  };

  const send: Send = async ({ input, alternative, scope: { signal }, on }) => {
    const limiter = services.limiterOf(component, alternative);
    /** What it cost is booked first: whoever takes the place must know. */
    const end = (answer?: CallResult, isLate = false) => {
      if (answer) on.answered(answer, isLate);
      limiter?.release(site.work);
    };
    signal.throwIfAborted();
    const place = limiter?.acquire(site.work, site.priority, signal);
    if (place) await place;
    site.endIfLate();
    const { spentUsd, budgetUsd, of = 'run' } = site.spending;
    if (signal.aborted || spentUsd >= budgetUsd) end();
    signal.throwIfAborted();
    if (spentUsd >= budgetUsd) {
      throw new CallError('over-budget', `the ${of} has cost the ${budgetUsd} US dollars that it may`);
    }

    const tries = on.sent();
    let running: CallMeter | undefined;
    const begun = () => running?.begin();
    // A backend that goes on after it was told to stop is not listened to.
    const onText =
      on.text &&
      ((part: string) => {
        if (part === '' || signal.aborted) return;
        begun();
        on.text!(part, call);
      });
    const meter = (rate: CallRate) => {
      running = new CallMeter(clock, rate);
      on.metered(running);
    };
    const over = (error?: unknown) => running?.stop(error);
    const call = {
      component,
      input,
      alternative,
      signal,
      attempt: tries,
      at: site.at,
      startMs,
      meter,
      ...(onText && { onText }),
    };
    const answer = await attempt(caller, clock, site.timeout, call, { begun, over, done: end });
    return component.output ? { ...answer, output: await checkAnswer(component, answer.output, signal) } : answer;
  };

  /** Nothing passed on can be taken back: the first try that tells anything is the one that answers. */
  const passOn = (part: string, of: object) => {
    if (phase === 'over' || (teller && teller !== of)) return;
    teller = of;
    site.passOn!(part);
  };

  const pay = ({ costUsd, copySeconds }: Payment) => {
    site.spending.spentUsd += costUsd;
    record.costUsd += costUsd;
    if (copySeconds !== undefined) record.copySeconds = (record.copySeconds ?? 0) + copySeconds;
  };

  const on: CallEvents = {
    sent: () => {
      on.joined();
      return ++record.attempts;
    },
    joined: () => {
      enter('trying');
      triedAt = record.endMs;
    },
    text: site.passOn ? passOn : site.take,
    answered: ({ usage, costUsd = 0 }) => {
      pay({ costUsd });
      if (usage) record.usage = addUsage(usage, record.usage);
    },
    metered: (meter) => {
      meters.push(meter);
      meter.charge(pay);
    },
    note: (write) => {
      if (phase !== 'over') write(record);
    },
  };

  const sendOn = services.policies?.around(services, site, send) ?? send;

  /** How long to wait before the next try. @throws the error if there is to be none. */
  const delayAfter = (error: CallError): number => {
    const leftMs = deadline - clock.now();
    const { kind, retryAfterMs = 0 } = error;
    if (kind === 'not-ready') {
      // A try that met no copy is a part of the wait for one.
      phase = 'cold';
      enter('cold');
      if (!isCold) site.onCold?.(component);
      isCold = true;
      const wait = { waitedMs: record.coldMs, leftMs, triedMs: record.endMs - triedAt, retryAfterMs };
      return orThrow(coldDelayMs(wait, random()), error);
    }
    enter('waiting');
    isCold = false;
    if (!error.isRetryable) throw error;
    return orThrow(failureDelayMs(policy, { failures: ++failures, leftMs, retryAfterMs }, random()), error);
  };

  /** A call that waited for a copy until no time was left did not get one: that is what its caller has to know. */
  const explain = (error: CallError) => {
    if (!isCold || (error.kind !== 'timed-out' && error.kind !== 'not-ready')) return error;
    return new CallError('not-ready', `component "${component.name}" did not become ready in time`, {
      cause: error.cause as ServiceFault,
      retryAfterMs: error.retryAfterMs,
      at: site.at,
    });
  };

  return {
    answer: run(input),
    isCold: () => isCold,
    record: (cut) => {
      if (cut && phase !== 'over') record.error = { ...toErrorRecord(explain(cut)), at: site.at };
      enter('over');
      return record;
    },
  };
}

/** Another try could have helped; now none can. */
function cutOff({ kind, message, cause, at, thrown }: CallError): CallError {
  const isPassing = kind === 'retryable' || kind === 'throttled' || kind === 'not-ready';
  return new CallError(isPassing ? 'failed' : kind, `${message}, after a part of its answer had been passed on`, {
    cause: cause as Error,
    at: at!,
    thrown,
  });
}

function orThrow<T>(value: T | undefined, error: CallError): T {
  if (value === undefined) throw error;
  return value;
}

function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  let timer: Timer;
  const over = new Promise<void>((resolve) => {
    timer = clock.setTimer(resolve, delayMs);
  });
  return unlessAborted(over, signal).finally(() => clock.clearTimer(timer));
}
