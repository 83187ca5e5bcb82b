import { DEFAULT_DEADLINE_MS, type RuntimeConfig } from '../../core/api/config-variable';
import { alternativesOf, spilloverOf } from '../../core/graph/alternatives';
import type { BackendBinding, Bindings } from '../../core/graph/binding';
import type { Graph } from '../../core/graph/graph';
import type { Call, Caller, Clock } from '../../core/run/call';
import { Engine, type RunResult } from '../../core/run/engine';
import { CallError, InputError, RunError } from '../../core/run/errors';
import type { RunEvent } from '../../core/run/events';
import { planning } from '../../core/run/planning';
import { type CallPolicies, callPolicies } from '../../core/run/policies';
import { callerFor } from '../backends';
import { ConfigError } from '../config/config-error';
import { logConfigFault, logFault } from '../telemetry/log';
import { publishFault } from '../telemetry/metrics';
import { priceSourcesOf } from '../telemetry/price-sources';
import { type RunReport, reportRun } from '../telemetry/report';
import { RunTrace } from '../telemetry/tracing/run-trace';
import { Admissions } from './admission/admissions';
import type { Entrance } from './admission/gate';
import { ConfigSource } from './config-source';
import { deadlineMsFor } from './deadline';
import type { Invocation } from './http';
import { isProbe } from './probe';
import { Problem } from './problem';
import { requireBindings } from './require-bindings';
import { toProblem } from './run-problem';
import { systemClock } from './system-clock';
import { tenantOf } from './tenant';
import type { Warming } from './warming/warming';
import { WarmingSource } from './warming/warming-source';
import { workClassOf } from './work-class';

export interface RunsOptions {
  /** @default - what the environment variable COMPOUND_CONFIG holds or names */
  readonly config?: RuntimeConfig;
  /**
   * Told of each run that has ended; awaited, and logged if it fails. A run that could not begin is logged and counted in any case.
   *
   * @default - EMF metrics and a structured log line on standard output
   */
  readonly onRunEnd?: (report: RunReport) => unknown;
  /** Time as runs see it: their deadlines, waits and durations. @default - that of the machine */
  readonly clock?: Clock;
  /** Time as the warm board has it, in milliseconds since 1970. @default Date.now */
  readonly nowMs?: () => number;
}

/** One run, as a door of the function asks for it. The invocation says how long it may take, and whom it is for. */
export interface RunRequest extends Invocation {
  readonly runId: string;
  readonly agent: Graph;
  /** Not yet checked against the schema of the agent. */
  readonly input: unknown;
  /** Takes what happens while the run goes on; none of it if the run cannot begin. */
  readonly onEvent?: (event: RunEvent) => void;
}

/** The runs of a function: configured, bound, warmed and reported, whichever door they come through. */
export class AgentRuns {
  readonly clock: Clock;
  readonly #onRunEnd: NonNullable<RunsOptions['onRunEnd']>;
  readonly #config: ConfigSource;
  readonly #engine: Engine;
  readonly #warmings: WarmingSource;
  readonly #admissions: Admissions;
  #warming: Warming | undefined;
  #bindings: Bindings | undefined;
  #caller: Caller | undefined;
  #policies: CallPolicies | undefined;

  constructor({ config, onRunEnd = reportRun, clock = systemClock, nowMs = Date.now }: RunsOptions) {
    this.clock = clock;
    this.#config = new ConfigSource(config);
    this.#warmings = new WarmingSource(clock, nowMs);
    this.#admissions = new Admissions(nowMs, clock);
    this.#engine = new Engine({
      caller: (call) => this.#caller!(call),
      clock,
      random: Math.random,
      policies: { around: (...call) => this.#policies!.around(...call) },
      planning: planning(),
    });
    this.#onRunEnd = onRunEnd;
    void this.#prepare();
  }

  /** While the function starts, so that its first run finds the clients of warming there. */
  async #prepare(): Promise<void> {
    try {
      const config = await this.#config.read();
      this.#warmings.of(config.warming);
      this.#admissions.prepare(config);
    } catch {
      // Each run tells why it cannot begin.
    }
  }

  /**
   * Runs an agent and reports the run.
   *
   * @param write makes the answer of the result; a run whose answer cannot be written has failed, with the `RunError` it throws
   * @throws Problem
   */
  async run<Written>(
    { runId, agent, input, event, context, onEvent, signal }: RunRequest,
    write: (runId: string, result: RunResult<unknown>) => Written,
  ): Promise<Written> {
    let startMs = 0;
    let firstText: Pick<RunReport, 'firstTextMs'> = {};
    const tell = (told: RunEvent) => {
      if (told.type === 'text') firstText = { firstTextMs: firstText.firstTextMs ?? this.clock.now() - startMs };
      onEvent?.(told);
    };
    let warming: Warming | undefined;
    let entrance: Entrance | undefined;
    let trace: RunTrace | undefined;
    let traits: Pick<RunReport, 'work' | 'runRecords' | 'priceSources'> = {};
    try {
      const work = workClassOf(event);
      if (work === 'batch') traits = { work };
      const isWarmedFor = !isProbe(event);
      const config = await this.#config.read();
      if (config.runRecords) traits = { ...traits, runRecords: config.runRecords };
      const deadlineMs = deadlineMsFor(event, context, config.deadlineMs ?? DEFAULT_DEADLINE_MS);
      requireBindings(agent, config.bindings);
      this.#bind(config.bindings);
      const priceSources = priceSourcesOf(agent, config.bindings);
      if (priceSources) traits = { ...traits, priceSources };
      const arrivedMs = this.clock.now();
      entrance = await this.#admissions.enter(config, agent, event, deadlineMs, runId);
      const leftMs = Math.max(1, deadlineMs - (this.clock.now() - arrivedMs));
      warming = this.#warmings.of(config.warming);
      this.#warming = warming;
      if (isWarmedFor) warming?.begin(agent, runId, leftMs);
      const options = {
        deadlineMs: leftMs,
        ...tenantOf(event, runId),
        work,
        ...(onEvent && { onEvent: tell }),
        ...(signal && { signal }),
      };
      const { traceContents: contentsOf } = agent.definition;
      trace = new RunTrace({ runId, agent: agent.name, headers: event.headers, contentsOf });
      startMs = this.clock.now();
      const result = await trace.inside(() => this.#engine.run(agent, input, options));
      const written = write(runId, result);
      trace.end(result.record);
      await this.#report({ runId, record: result.record, ...traits, ...firstText }, warming);
      return written;
    } catch (error) {
      if (error instanceof RunError) {
        trace?.end(error.record);
        await this.#report({ runId, record: error.record, error, ...traits, ...firstText }, warming);
      } else {
        trace?.refuse();
        if (!(error instanceof InputError || error instanceof Problem)) this.#reportFault(runId, agent, error);
      }
      throw toProblem(error, runId, warming?.readyInMs(agent));
    } finally {
      warming?.forget(runId);
      await entrance?.leave();
    }
  }

  /** In how long what an agent may call is expected to serve, as far as it is known to start; undefined if nothing does. */
  readyInMs(agent: Graph): number | undefined {
    return this.#warming?.readyInMs(agent);
  }

  /** The answer is paid for: a report that fails must not cost it. */
  async #report(report: RunReport, warming: Warming | undefined): Promise<void> {
    this.#config.observe(report.record);
    try {
      const warmed = warming && { warming: warming.end(report.runId, report.record) };
      await Promise.all([this.#onRunEnd({ ...report, ...warmed }), warming?.teach()]);
    } catch (error) {
      logFault(report.runId, report.record.graph, error);
    }
  }

  /** A run that could not begin, or that ended outside of its graph, has no record. */
  #reportFault(runId: string, { name }: Graph, error: unknown): void {
    if (error instanceof ConfigError) {
      this.#config.doubt();
      logConfigFault(runId, name, error.message);
      publishFault(name, 'invalid');
    } else {
      logFault(runId, name, error);
      publishFault(name, 'failed');
    }
  }

  /** Runs that go on are bound anew with the others: what they were bound to is gone, and so is what was learned of it. */
  #bind(bindings: Bindings): void {
    if (bindings === this.#bindings) return;
    this.#bindings = bindings;
    const ask = callerFor(bindings);
    this.#caller = async (call) => {
      try {
        return await RunTrace.around(call, backendOf(bindings, call), ask);
      } catch (error) {
        // Of several backends the first is the one that is warmed.
        const isWarmed = (call.alternative ?? 0) === 0;
        if (isWarmed && isNotReady(error)) this.#warming?.refused(call.component.name);
        throw error;
      }
    };
    this.#policies = callPolicies({ spilloverOf: ({ name }) => spilloverOf(bindings, name) });
  }
}

function isNotReady(error: unknown): boolean {
  return error instanceof CallError && error.kind === 'not-ready';
}

function backendOf(bindings: Bindings, { component, alternative = 0 }: Call): BackendBinding | undefined {
  const binding = bindings[component.name];
  return binding && alternativesOf(binding)[alternative];
}
