import { setTimeout as after } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { z } from 'zod';
import { spilloverOf } from '../../../../core/graph/alternatives';
import { graph } from '../../../../core/graph/builder';
import { Engine } from '../../../../core/run/engine';
import { planning } from '../../../../core/run/planning';
import { callPolicies } from '../../../../core/run/policies';
import { callerFor } from '../../../../lambda/backends';
import { AGENTS } from './agents';
import { ranker, search } from './components';
import { CountingClock } from './counting-clock';
import type { Door } from './door';
import { drawsFor } from './draws';
import { engineDoor } from './engine-door';
import type { FaultName } from './faults';
import { startHttpDoor } from './http-door';
import { Network } from './network';
import { type Visit, visit } from './visit';

export interface ProofOptions {
  readonly runs: number;
  readonly seed: number;
  /** Runs at once. */
  readonly concurrency?: number;
}

/** What came of all runs. */
export interface ProofFigures {
  /** Requests by what befell them. */
  readonly requests: Readonly<Partial<Record<FaultName, number>>>;
  /** Runs by agent and door, and by outcome. */
  readonly outcomes: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Of a run after its deadline, or after it was cancelled. */
  readonly worstLateMs: number;
  /** The same without what the machine itself was late with its timers. */
  readonly worstOwnLateMs: number;
  /** Turns of the event loop from the end of a run to the close of the last of its connections, at most. */
  readonly closeTurns: number;
  /** After each fifth of the runs, with all garbage collected. */
  readonly heapMiB: readonly number[];
  /** All that was not as it should be. */
  readonly breaches: readonly string[];
}

const ROUNDS = 5;

/** Sends runs through a network on which everything goes wrong, and looks at what became of each and what is left of them. */
export async function prove({ runs, seed, concurrency = 12 }: ProofOptions): Promise<ProofFigures> {
  const breaches: string[] = [];
  const stopListening = listenToProcess((what) => breaches.push(what));
  const before = activeResources();
  const network = await Network.start(seed);
  const clock = new CountingClock();
  const engine = engineOn(network, clock, seed);
  const http = await startHttpDoor(network.bindings, clock);
  const doors: readonly Door[] = [engineDoor(engine), http];

  await warmUp(doors, network);
  const visits: Visit[] = [];
  const heapMiB: number[] = [];
  let closeTurns = 0;
  let next = 0;
  const visitor = async (end: number) => {
    while (next < end) {
      const run = next++;
      const visited = await visit(doors[run % doors.length]!, clock, seed, run);
      const { left, turns } = await network.openOf(run);
      closeTurns = Math.max(closeTurns, turns);
      if (left.length > 0) breaches.push(`run-${run} (${visited.name}): left open upstream: ${left.join(', ')}`);
      breaches.push(...visited.breaches);
      visits.push({ ...visited, breaches: [] });
    }
  };
  for (let round = 1; round <= ROUNDS; round++) {
    const end = Math.round((runs * round) / ROUNDS);
    await Promise.all(Array.from({ length: concurrency }, () => visitor(end)));
    heapMiB.push(collectedHeapMiB());
  }

  if (clock.openTimers > 0) breaches.push(`${clock.openTimers} timers left`);
  const { left } = await network.openOf();
  if (left.length > 0) breaches.push(`left open upstream after all runs: ${left.join(', ')}`);
  breaches.push(...(await probe(engine, network)));
  await http.close();
  await network.close();
  breaches.push(...(await leftResources(before)));
  stopListening();

  const requests: Partial<Record<FaultName, number>> = {};
  for (const proxy of network.proxies) {
    for (const [fault, count] of proxy.requests) requests[fault] = (requests[fault] ?? 0) + count;
  }
  return {
    requests,
    outcomes: outcomesOf(visits),
    worstLateMs: Math.max(...visits.map(({ lateMs }) => lateMs)),
    worstOwnLateMs: Math.max(...visits.map(({ ownLateMs }) => ownLateMs)),
    closeTurns,
    heapMiB,
    breaches,
  };
}

function engineOn(network: Network, clock: CountingClock, seed: number): Engine {
  const { bindings } = network;
  const random = drawsFor(seed, 'engine', 'jitter');
  return new Engine({
    caller: callerFor(bindings),
    clock,
    random: () => random.uniform(),
    policies: callPolicies({ spilloverOf: ({ name }) => spilloverOf(bindings, name) }),
    planning: planning(),
  });
}

/** From here on the labels of runs are not counted. */
const UNCOUNTED = 1e9;

const PROBE_DEADLINE_MS = 10_000;

/** The first calls load the clients of AWS: that is not to count as time of the runs. */
async function warmUp(doors: readonly Door[], network: Network): Promise<void> {
  network.calm();
  for (const [at, door] of doors.entries()) {
    for (const agent of AGENTS) {
      const knock = { agent, label: `run-${UNCOUNTED + at}`, tenant: 'none', work: 'interactive' } as const;
      const { signal } = new AbortController();
      await door.run({ ...knock, signal, deadlineMs: PROBE_DEADLINE_MS, onText: undefined });
      await door.run({ ...knock, signal, deadlineMs: PROBE_DEADLINE_MS, onText: () => {} });
    }
  }
  network.endCalm();
}

/** With good weather again, every component takes as many calls at once as it may. */
async function probe(engine: Engine, network: Network): Promise<string[]> {
  const breaches: string[] = [];
  const limited = [search, ranker];
  for (const component of limited) {
    const agent = graph(`probe-${component.name}`, { input: z.object({ calls: z.number() }) })
      .map('all', {
        over: ({ input }) =>
          Array.from({ length: input.calls }, (_, at) => `run-${2 * UNCOUNTED + at} ${component.name}`),
        call: component,
        input: (query) => ({ query }),
      })
      .output(({ all }) => all.length);
    for (const calls of [1, 1, 1, component.concurrency!]) {
      network.calm(calls);
      try {
        await engine.run(agent, { calls }, { deadlineMs: PROBE_DEADLINE_MS });
      } catch (error) {
        breaches.push(`${component.name} does not take ${calls} calls at once: ${(error as Error).message}`);
      }
    }
  }
  return breaches;
}

function outcomesOf(visits: readonly Visit[]): Record<string, Record<string, number>> {
  const outcomes: Record<string, Record<string, number>> = {};
  for (const { name, outcome } of visits) {
    outcomes[name] ??= {};
    outcomes[name][outcome] = (outcomes[name][outcome] ?? 0) + 1;
  }
  return outcomes;
}

/** Tells of whatever the process itself complains about. */
function listenToProcess(tell: (what: string) => void): () => void {
  const events = ['unhandledRejection', 'uncaughtException', 'warning'] as const;
  const listeners = events.map((event) => {
    const listener = (thing: unknown) => tell(`${event}: ${thing instanceof Error ? thing.stack : String(thing)}`);
    process.on(event, listener);
    return () => process.off(event, listener);
  });
  return () => {
    for (const stop of listeners) stop();
  };
}

/** Of the process itself, which opens them when it first writes. */
const STANDARD_STREAMS: ReadonlySet<string> = new Set(['PipeWrap', 'TTYWrap']);

type Resources = ReadonlyMap<string, number>;

function activeResources(): Resources {
  const counts = new Map<string, number>();
  for (const name of process.getActiveResourcesInfo()) {
    if (!STANDARD_STREAMS.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** Closed sockets go on the next turns of the event loop; timers of leaked calls would stay for minutes. */
const SETTLE_MS = 1_000;

async function leftResources(before: Resources): Promise<string[]> {
  const left = () =>
    [...activeResources()].flatMap(([name, count]) => {
      const more = count - (before.get(name) ?? 0);
      return more > 0 ? [`${more} more of ${name} than before`] : [];
    });
  for (const startMs = performance.now(); left().length > 0 && performance.now() - startMs < SETTLE_MS; )
    await after(5);
  return left();
}

/** Node.js has no switch for this in a process that is under way, but its engine has. */
const collectGarbage: () => void = (() => {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
})();

function collectedHeapMiB(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 2 ** 20;
}
