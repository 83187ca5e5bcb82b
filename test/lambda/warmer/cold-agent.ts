import { setImmediate as nextTurn, setTimeout as realTime } from 'node:timers/promises';
import type { Graph } from '../../../core/graph';
import { MINUTE_MS } from '../../../core/time-units';
import type { WarmerConfig, WarmerEvent } from '../../../core/warm';
import { type RunReport, serve } from '../../../lambda/orchestrator';
import { OpenRequests } from '../../support/open-requests';
import { ask } from '../orchestrator/event';
import { component, keyOf, startWarmStack, TABLE, type WarmStack } from './warm-stack';

/** How the function of the warmer handles an event; what it rejects with is its crash. */
export type WarmerFunction = (stack: WarmStack, event: WarmerEvent) => Promise<void>;

export const WARMER = 'warmer';

/** The message on entry has come by then, or does not come. */
const MESSAGE_TURNS = 200;

const IDLE_TICKS = 9;
const IDLE_TICK_MS = 5 * MINUTE_MS;

/** For so long the event loop finds nothing on its way before time passes: an answer is read within them. */
const QUIET_TURNS = 12;

/** Advanced by so much while nobody asks anything: small beside a cold start. */
const STEP_MS = 2_000;

/** Advanced by so much while copies answer: small beside a call. */
const SERVING_STEP_MS = 100;

/** An agent whose components are all cold, its warmer, and everything they call. */
export async function startColdAgent(agent: Graph, config: WarmerConfig, warmer?: WarmerFunction) {
  const names = agent.components().map(({ name }) => name);
  const handle = warmer ?? ((all: WarmStack, event: WarmerEvent) => all.invoke(config, event));
  const invocations: Promise<unknown>[] = [];
  const handler = (event: unknown) => {
    const invocation = handle(stack, event as WarmerEvent);
    invocations.push(invocation.catch(() => {}));
    return invocation;
  };
  const backend = { type: 'lambda' as const, functionName: WARMER };
  const stack: WarmStack = await startWarmStack([...names.map(component), { kind: 'function', backend, handler }]);
  const binding = (name: string) => ({
    type: 'sagemaker' as const,
    endpointName: 'fleet',
    inferenceComponentName: name,
  });

  /** Calls that copies work on. */
  const callsAtCopies = () => names.reduce((sum, name) => sum + stack.concurrencyOf(keyOf(name)), 0);

  return {
    stack,
    /** One run, in which the clock moves on by itself. */
    async run(isWarmed: boolean): Promise<RunReport> {
      const reports: RunReport[] = [];
      const components = Object.fromEntries(names.map((name) => [name, keyOf(name)]));
      const orchestrator = serve(agent, {
        config: {
          bindings: Object.fromEntries(names.map((name) => [name, binding(name)])),
          deadlineMs: Number.POSITIVE_INFINITY,
          ...(isWarmed && { warming: { table: TABLE.name, functionName: WARMER, components } }),
        },
        clock: stack.clock,
        nowMs: () => stack.world.nowMs,
        onRunEnd: (report) => reports.push(report),
      });
      const requests = new OpenRequests();
      let isOver = false;
      const end = () => {
        isOver = true;
      };
      const answered = ask(orchestrator, {
        method: 'POST',
        path: `/agents/${agent.name}/runs`,
        headers: { 'content-type': 'application/json' },
        body: {},
        remainingMs: 3_600_000,
      });
      answered.then(end, end);
      // What nobody waits for takes no time of the world: the message on entry, and the work of the warmer.
      for (let turn = 0; isWarmed && invocations.length === 0 && turn < MESSAGE_TURNS; turn++) await realTime(1);
      let quietTurns = 0;
      while (!isOver) {
        await nextTurn();
        const serving = requests.count === 0 ? 0 : callsAtCopies();
        // What travels takes no time of the world.
        const isQuiet = stack.isPausing() && requests.count <= serving;
        quietTurns = isQuiet ? quietTurns + 1 : 0;
        if (quietTurns < QUIET_TURNS) continue;
        quietTurns = 0;
        stack.clock.advance(serving > 0 ? SERVING_STEP_MS : STEP_MS);
      }
      requests.stop();
      await stack.settle(...invocations);
      if ((await answered).status !== 200) throw new Error(`the run was answered with ${(await answered).status}`);
      return reports[0]!;
    },
    /** Long enough for everything to go: what is held, and then what the service keeps by itself. Some ticks are lost. */
    async idle(): Promise<void> {
      for (let tick = 0; tick < IDLE_TICKS; tick++) {
        stack.clock.advance(IDLE_TICK_MS);
        await stack.settle(stack.invoke(config, { type: 'tick' }));
      }
    },
    /** Minimum, copies and what is written down, of all components together. */
    async capacity() {
      const minima = await Promise.all(names.map((name) => stack.minimum(name)));
      const holds = await Promise.all(names.map((name) => stack.hold(name)));
      return {
        minima: minima.reduce((sum, minimum) => sum + minimum, 0),
        copies: names.reduce((sum, name) => sum + stack.world.model(keyOf(name))!.state.desiredCopies, 0),
        holds: holds.filter((hold) => hold !== undefined).length,
      };
    },
  };
}

export type ColdAgent = Awaited<ReturnType<typeof startColdAgent>>;
