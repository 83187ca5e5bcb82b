import { getEventListeners } from 'node:events';
import { AGENTS } from './agents';
import type { CountingClock } from './counting-clock';
import type { Door, Knock } from './door';
import { between, chance, drawsFor, oneOf } from './draws';

/** What a run may take beyond its deadline to end what it has under way, among others that do the same at that moment. */
const SLACK_MS = 50;

export interface Visit {
  /** Of the agent, and through which door. */
  readonly name: string;
  /** `right`, or the kind of the error. */
  readonly outcome: string;
  /** After its deadline, or after it was cancelled; below 0 if it ended before. */
  readonly lateMs: number;
  /** The part of it that is not the machine's, which was late with its timers at the time. */
  readonly ownLateMs: number;
  /** What is not as it should be. */
  readonly breaches: readonly string[];
}

/** One run of some agent, which may be cancelled at any moment. */
export async function visit(door: Door, clock: CountingClock, seed: number, run: number): Promise<Visit> {
  const random = drawsFor(seed, String(run), 'visit');
  const controller = new AbortController();
  const heard = new Map<string, string>();
  const agent = oneOf(random, AGENTS);
  const hears = chance(random, 0.6);
  const knock: Knock = {
    agent,
    label: `run-${run}`,
    deadlineMs: between(random, 150, 1_500),
    signal: controller.signal,
    tenant: oneOf(random, ['one', 'other']),
    work: chance(random, 0.2) ? 'batch' : 'interactive',
    onText: hears ? (node, text) => heard.set(node, (heard.get(node) ?? '') + text) : undefined,
  };
  const cancelMs = between(random, 0, 200);
  const isCancelled = chance(random, 0.15) && (hears || door.canCancelWhole);

  const startMs = clock.now();
  let endByMs = startMs + knock.deadlineMs;
  const cancel = () => {
    endByMs = Math.min(endByMs, clock.now());
    controller.abort();
  };
  const timer = isCancelled ? setTimeout(cancel, cancelMs) : undefined;
  const ending = await door.run(knock);
  clearTimeout(timer);
  const { startMs: beganMs = startMs, endMs = clock.now() } = ending;
  const lateMs = endMs - (beganMs - startMs) - endByMs;
  const ownLateMs = lateMs - clock.worstLagSince(startMs);

  const breaches: string[] = [];
  if ('breach' in ending) breaches.push(ending.breach);
  if (ownLateMs > SLACK_MS) breaches.push(`ended ${Math.round(lateMs)} ms too late`);
  for (const [node, text] of heard) {
    if (!agent.textOf(knock.label, node).startsWith(text)) breaches.push(`wrong text of "${node}": ${text}`);
  }
  if ('output' in ending) {
    if (!agent.isRight(knock.label, ending.output)) breaches.push(`wrong output: ${JSON.stringify(ending.output)}`);
    const unheard = hears
      ? agent.toldWith(ending.output).filter((node) => heard.get(node) !== agent.textOf(knock.label, node))
      : [];
    if (unheard.length > 0) breaches.push(`the caller did not hear all of ${unheard.join(', ')}`);
  }
  const listeners = getEventListeners(controller.signal, 'abort').length;
  if (listeners > 0 && door.canCancelWhole) breaches.push(`${listeners} listeners left on the signal of the run`);

  const name = `${agent.graph.name}, ${door.name}`;
  return {
    name,
    outcome: 'output' in ending ? 'right' : 'kind' in ending ? ending.kind : 'breach',
    lateMs,
    ownLateMs,
    breaches: breaches.map((breach) => `${knock.label} (${name}): ${breach}`),
  };
}
