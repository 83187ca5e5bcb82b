import { hasPolicies } from '../graph/call-policies';
import type { Component } from '../graph/component';
import type { GraphDefinition, Values } from '../graph/definition';
import type { Graph } from '../graph/graph';
import { type Validation, validate } from '../graph/schema';
import { isThenable } from '../graph/thenable';
import { unlessOver } from './abort';
import type { CallServices } from './component-call';
import { CallError, InputError, RunError, SchemaError, toCallError } from './errors';
import type { RunEvent } from './events';
import { execute } from './execution';
import { Limiter } from './limiter';
import { type Plan, planOf } from './plan';
import type { RunRecord, RunStatus } from './record';
import { summarize } from './summary';
import type { WorkClass } from './work-class';

/** What the engine takes from outside, so that it runs on any clock and its runs can be repeated. */
export type EngineServices = Omit<CallServices, 'limiterOf'>;

export interface RunOptions {
  /** Most time the run may take; the graph's own limit still holds. Without either, a cold component is waited for without end. */
  readonly deadlineMs?: number;
  /** Cancels the run: whatever it has under way is aborted. */
  readonly signal?: AbortSignal;
  /** Most the run may cost in US dollars, as its bindings price it; the graph's own budget still holds. */
  readonly budgetUsd?: number;
  /** Whom the run is for: answers are never shared between tenants. */
  readonly tenant?: string;
  /** Whether somebody waits for the run; if not, its calls let those of others go first. @default 'interactive' */
  readonly work?: WorkClass;
  /**
   * Takes what happens while the run goes on, at once and in order. Without it no backend is asked to stream to the caller.
   * If it throws, or returns a promise that rejects before the last node has ended, the run fails.
   */
  readonly onEvent?: (event: RunEvent) => void;
}

export interface RunResult<Answer> {
  readonly output: Answer;
  readonly record: RunRecord;
  /** The value of a node, or what stood in for it; undefined if it has none. */
  readonly nodeValue: (node: string) => unknown;
}

/**
 * Runs graphs. Keep one per process: it holds the concurrency limits of the components and learns how long nodes take.
 *
 * Limits belong to the backends behind a component name, so graphs that share a component share them.
 */
export class Engine {
  readonly #plans = new WeakMap<Graph, Plan>();
  /** By component, then by backend. */
  readonly #limiters = new Map<string, Limiter[]>();
  readonly #services: CallServices;

  constructor(services: EngineServices) {
    this.#services = { ...services, limiterOf: (component, alternative) => this.#limiterOf(component, alternative) };
  }

  /** @throws InputError if nothing was started, else RunError with the record of the run. */
  async run<Request, Answer>(
    graph: Graph<Request, Answer>,
    request: Request,
    { deadlineMs = Infinity, signal, budgetUsd = Infinity, tenant, work = 'interactive', onEvent }: RunOptions = {},
  ): Promise<RunResult<Answer>> {
    const { clock } = this.#services;
    const start = clock.now();
    const { definition } = graph;
    const spending = { spentUsd: 0, budgetUsd: Math.min(budgetUsd, definition.budgetUsd ?? Infinity) };
    const deadline = start + Math.min(deadlineMs, definition.timeout?.totalMs ?? Infinity);
    const bounds = { deadline, signal, tenant, work, spending, onEvent };
    const input = signal?.aborted ? undefined : await unlessOver(validate(definition.input, request), clock, bounds);
    if (input?.issues) throw new InputError(graph.name, input.issues);

    const plan = this.#planOf(graph);
    // An input that was not checked before the run was over is never read: nothing starts.
    const left = input ? bounds : { ...bounds, deadline: Math.min(bounds.deadline, clock.now()) };
    const { states, ended, valuesFor } = execute(this.#services, graph, plan, input?.value, start, left);
    const cut = await ended;

    const record = (status: RunStatus, wallMs = clock.now() - start) =>
      summarize(graph.name, status, plan, states, wallMs);
    const cancelled = () => new RunError('cancelled', 'the run was cancelled', record('cancelled'));
    const failure = (error: CallError, status: RunStatus = 'failed') =>
      new RunError(error.kind, error.at ? `${error.at}: ${error.message}` : error.message, record(status), error);
    if (cut === 'cancelled') throw cancelled();
    if (cut) throw failure(cut, cut.kind === 'failed' ? 'failed' : 'timed-out');

    const stopped = plan.result.find((at) => !states[at]!.hasValue);
    if (stopped !== undefined) throw failure(states[stopped]!.error!);
    const output = await unlessOver(readOutput(definition, valuesFor(definition.result.needs)), clock, bounds);
    if (signal?.aborted) throw cancelled();
    if (!output) throw failure(lateOutput(bounds.deadline - start), 'timed-out');
    if (output instanceof CallError) throw failure(output);
    const wallMs = clock.now() - start;
    const nodeValue = (node: string) => valuesFor([node])[node];
    return resultOf(output.value as Answer, nodeValue, () => record('succeeded', wallMs));
  }

  #planOf(graph: Graph): Plan {
    const known = this.#plans.get(graph);
    if (known) return known;
    const needy = this.#services.policies ? undefined : graph.components().find(hasPolicies);
    if (needy) {
      throw new Error(
        `component "${needy.name}" has call policies: give the engine \`policies: callPolicies()\`, from cdk-compound-inference/run/policies`,
      );
    }
    const planned = this.#services.planning ? undefined : graph.definition.nodes.find(({ kind }) => kind === 'plan');
    if (planned) {
      throw new Error(
        `node "${planned.id}" is a plan: give the engine \`planning: planning()\`, from cdk-compound-inference/run/planning`,
      );
    }
    const plan = planOf(graph);
    this.#plans.set(graph, plan);
    return plan;
  }

  #limiterOf({ name, concurrency }: Component, alternative: number): Limiter | undefined {
    if (concurrency === undefined) return undefined;
    const known = this.#limiters.get(name);
    const limiters = known ?? [];
    if (!known) this.#limiters.set(name, limiters);
    limiters[alternative] ??= new Limiter(concurrency, this.#services.clock);
    return limiters[alternative];
  }
}

/** The checked output, or why there is none. */
function readOutput(
  { result, output: schema }: GraphDefinition,
  values: Values,
): Output | CallError | Promise<Output | CallError> {
  const noOutput = (error: unknown) => toCallError(error, 'output');
  try {
    const value = result.run(values);
    const check = (output: unknown) => (schema ? validate(schema, output) : { value: output });
    const checked = isThenable(value) ? Promise.resolve(value).then(check) : check(value);
    return checked instanceof Promise ? checked.then(toOutput, noOutput) : toOutput(checked);
  } catch (error) {
    return noOutput(error);
  }
}

function toOutput(checked: Validation<unknown>): Output | CallError {
  if (!checked.issues) return checked;
  return new CallError('failed', 'does not match its schema', {
    cause: new SchemaError(checked.issues),
    at: 'output',
  });
}

interface Output {
  readonly value: unknown;
}

function lateOutput(limitMs: number): CallError {
  return new CallError('timed-out', `had not ended when the ${Math.round(limitMs)} ms of the run were over`, {
    at: 'output',
  });
}

/** The record is put together when it is first read: a run that nobody looks into does not pay for it. */
function resultOf<Answer>(
  output: Answer,
  nodeValue: (node: string) => unknown,
  summarize: () => RunRecord,
): RunResult<Answer> {
  let record: RunRecord | undefined;
  return {
    output,
    nodeValue,
    get record() {
      record ??= summarize();
      return record;
    },
  };
}
