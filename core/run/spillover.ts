import type { SpilloverRules } from '../graph/binding';
import { BreakerOpenError } from './breaker';
import type { CallResult } from './call';
import { CallError } from './errors';
import type { Send, Sending } from './layers';
import type { SpillRecord } from './record';

/** One of the backends that can answer for a component. */
export interface Alternative {
  readonly send: Send;
  /** Tries of this process that are under way there. */
  inFlight(): number;
}

/** Sends to the first of the alternatives that takes a call: each next one if the one before cannot answer now. */
export function spilling(alternatives: readonly Alternative[], rules: SpilloverRules): Send {
  const { maxInFlight = Infinity } = rules;
  return async (sending) => {
    const refusals: CallError[] = [];
    let busy: number | undefined;
    const reader = listening(sending);
    for (let at = 0; at < alternatives.length; at++) {
      const isLast = at === alternatives.length - 1;
      if (!isLast && alternatives[at]!.inFlight() >= maxInFlight) {
        busy ??= at;
        spill(sending, { alternative: at, why: 'busy' });
        continue;
      }
      try {
        return await ask(alternatives, at, reader.sending);
      } catch (error) {
        const why = reasonToSpill(error, rules);
        if (why === undefined || reader.hasRead() || sending.scope.signal.aborted) throw error;
        refusals.push(error as CallError);
        if (!isLast) spill(sending, { alternative: at, why });
      }
    }
    // One that is only busy is better than none.
    if (busy !== undefined) return ask(alternatives, busy, sending);
    // As long as one may become ready, the call waits for it.
    throw refusals.find(({ kind }) => kind === 'not-ready') ?? refusals[0]!;
  };
}

/** Whoever has read a part of an answer can take no other. */
function listening(sending: Sending): { readonly sending: Sending; hasRead(): boolean } {
  const { text } = sending.on;
  if (!text) return { sending, hasRead: () => false };
  let hasRead = false;
  const listen = (part: string, of: object) => {
    hasRead = true;
    text(part, of);
  };
  return { sending: { ...sending, on: { ...sending.on, text: listen } }, hasRead: () => hasRead };
}

async function ask(alternatives: readonly Alternative[], at: number, sending: Sending): Promise<CallResult> {
  const result = await alternatives[at]!.send({ ...sending, alternative: at });
  sending.on.note((record) => {
    record.alternative = at;
  });
  return result;
}

function spill({ on }: Sending, spilled: SpillRecord): void {
  on.note((record) => {
    record.spills = [...(record.spills ?? []), spilled];
  });
}

function reasonToSpill(
  error: unknown,
  { notReady = true, throttled = true, breakerOpen = true }: SpilloverRules,
): SpillRecord['why'] | undefined {
  if (error instanceof BreakerOpenError) return breakerOpen ? 'breaker-open' : undefined;
  if (!(error instanceof CallError)) return undefined;
  if (error.kind === 'not-ready' && notReady) return 'not-ready';
  if (error.kind === 'throttled' && throttled) return 'throttled';
  return undefined;
}
