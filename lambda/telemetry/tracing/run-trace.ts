import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  context,
  isSpanContextValid,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { BackendBinding } from '../../../core/graph/binding';
import type { Call, Caller, CallResult } from '../../../core/run/call';
import { wasTurnedAway } from '../../../core/run/call-meter';
import { copyUse, reachedNoCopy } from '../../../core/run/copy-use';
import { CallError } from '../../../core/run/errors';
import type { NodeRecord, RunRecord } from '../../../core/run/record';
import { callRateOf } from '../../backends/price';
import { describeTry } from './call-attributes';
import { answeredContents, askedContents } from './contents';
import { headersOfSpan, type TraceHeaders, w3cHeadersOf, xrayHeaders } from './trace-headers';

const TRACER = 'cdk-compound-inference';

interface Current {
  readonly run: RunTrace;
  /** Those of the try under way. */
  readonly headers: TraceHeaders;
}

const current = new AsyncLocalStorage<Current>();

/** What tells a backend which trace the try under way is a part of. */
export function traceHeaders(): TraceHeaders {
  return current.getStore()?.headers ?? xrayHeaders();
}

export interface TracedRun {
  readonly runId: string;
  readonly agent: string;
  /** Of the request that asked for it. */
  readonly headers: Readonly<Record<string, string | undefined>> | null | undefined;
  /** Names of the components of which the spans hold what they are asked and what they answer. @default - none */
  readonly contentsOf?: readonly string[] | undefined;
}

interface TracedNode {
  readonly span: Span;
  readonly context: Context;
  /** Tries under way: one more is a hedge. */
  readonly open: Map<string, number>;
}

/**
 * The spans of a run: `invoke_agent`, below it each node, below that each try. Without a provider of spans it costs next to
 * nothing, and only passes on the trace of the caller. No span has a word of a prompt or an answer, but those of components
 * that were asked for by name.
 */
export class RunTrace {
  readonly #span: Span;
  readonly #context: Context;
  readonly #passedOn: TraceHeaders;
  readonly #contentsOf: readonly string[];
  readonly #startMs = epochMs();
  readonly #nodes = new Map<string, TracedNode>();

  constructor({ runId, agent, headers, contentsOf = [] }: TracedRun) {
    this.#passedOn = w3cHeadersOf(headers);
    this.#contentsOf = contentsOf;
    // What traces the function knows of the request already.
    const active = context.active();
    const parent = trace.getSpan(active) ? active : propagation.extract(active, this.#passedOn);
    this.#span = trace.getTracer(TRACER).startSpan(
      `invoke_agent ${agent}`,
      {
        kind: SpanKind.INTERNAL,
        startTime: this.#startMs,
        attributes: {
          'gen_ai.operation.name': 'invoke_agent',
          'gen_ai.agent.name': agent,
          'compound.run.id': runId,
        },
      },
      parent,
    );
    this.#context = trace.setSpan(parent, this.#span);
  }

  /** Runs what belongs to the run. */
  inside<T>(work: () => Promise<T>): Promise<T> {
    const isTraced = isSpanContextValid(this.#span.spanContext());
    if (!isTraced && !this.#passedOn.traceparent) return work();
    return current.run({ run: this, headers: this.#headersOf(this.#span) }, () => context.with(this.#context, work));
  }

  /** The try under way of the run under way; without one, just the call. */
  static around(call: Call, binding: BackendBinding | undefined, ask: Caller): Promise<CallResult> {
    const run = current.getStore()?.run;
    if (run === undefined || !run.#span.isRecording()) return ask(call);
    return run.#try(call, binding, ask);
  }

  /** Of a run that did not begin, because its input was refused. */
  refuse(): void {
    if (!this.#span.isRecording()) return;
    fail(this.#span, 'invalid');
    this.#span.end(epochMs());
  }

  /** With its record, from which the times of the nodes are. */
  end(record: RunRecord): void {
    if (!this.#span.isRecording()) return;
    for (const [id, node] of Object.entries(record.nodes)) {
      // The names of the tasks of a plan are a planner's words.
      if (!id.includes('/') && node.endMs >= node.startMs) this.#endNode(id, node);
    }
    const { status, costUsd, copySeconds, usage, overheadMs, wallMs } = record;
    this.#span.setAttributes({
      'gen_ai.usage.input_tokens': usage.inputTokens,
      'gen_ai.usage.output_tokens': usage.outputTokens,
      'compound.cost_usd': costUsd,
      ...(copySeconds !== undefined && { 'compound.copy_seconds': copySeconds }),
      'compound.overhead_ms': overheadMs,
      'compound.critical_path': record.criticalPath.filter((id) => !id.includes('/')),
    });
    if (status !== 'succeeded') fail(this.#span, status);
    this.#span.end(this.#startMs + wallMs);
  }

  async #try(call: Call, binding: BackendBinding | undefined, ask: Caller): Promise<CallResult> {
    const { component, attempt, alternative = 0, at = component.name, startMs = 0 } = call;
    const node = this.#node(at.split(/[/[]/)[0]!, startMs);
    const open = node.open.get(at) ?? 0;
    if (attempt > 1) node.span.addEvent(open > 0 ? 'hedge' : 'retry', { 'compound.component': component.name });
    node.open.set(at, open + 1);
    const { name, attributes } = describeTry(component, binding);
    const item = /\[(\d+)\]$/.exec(at)?.[1];
    const triedMs = epochMs();
    const span = trace.getTracer(TRACER).startSpan(
      name,
      {
        kind: SpanKind.CLIENT,
        startTime: triedMs,
        attributes: {
          ...attributes,
          'compound.attempt': attempt,
          ...(alternative > 0 && { 'compound.alternative': alternative }),
          ...(item !== undefined && { 'compound.item': Number(item) }),
        },
      },
      node.context,
    );
    const hasContents = span.isRecording() && this.#contentsOf.includes(component.name);
    if (hasContents) span.setAttributes(askedContents(component, call.input));
    let hasBegun = false;
    const heard = hearing(call, () => {
      hasBegun = true;
    });
    try {
      const inner = trace.setSpan(node.context, span);
      const asking = () => context.with(inner, () => ask(heard));
      const answer = await current.run({ run: this, headers: this.#headersOf(span) }, asking);
      const { usage, costUsd } = answer;
      if (hasContents) span.setAttributes(answeredContents(component, answer.output));
      tellCost(span, binding, triedMs, { costUsd });
      if (usage) {
        span.setAttribute('gen_ai.usage.input_tokens', usage.inputTokens);
        span.setAttribute('gen_ai.usage.output_tokens', usage.outputTokens);
      }
      return answer;
    } catch (error) {
      const kind = error instanceof CallError ? error.kind : 'failed';
      tellCost(span, binding, triedMs, { error: hasBegun ? undefined : error });
      if (kind === 'not-ready') node.span.addEvent('cold wait', { 'compound.component': component.name });
      fail(span, call.signal.aborted ? 'cancelled' : kind);
      throw error;
    } finally {
      node.open.set(at, node.open.get(at)! - 1);
      span.end(epochMs());
    }
  }

  #node(id: string, startMs: number): TracedNode {
    const known = this.#nodes.get(id);
    if (known) return known;
    const span = trace
      .getTracer(TRACER)
      .startSpan(
        `node ${id}`,
        { startTime: this.#startMs + startMs, attributes: { 'compound.node': id } },
        this.#context,
      );
    const node = { span, context: trace.setSpan(this.#context, span), open: new Map<string, number>() };
    this.#nodes.set(id, node);
    return node;
  }

  #endNode(id: string, { status, startMs, endMs, calls }: NodeRecord): void {
    if (endMs === startMs && calls.length === 0) return;
    const { span } = this.#node(id, startMs);
    span.setAttribute('compound.status', status);
    if (status === 'failed') fail(span, 'failed');
    span.end(this.#startMs + endMs);
  }

  #headersOf(span: Span): TraceHeaders {
    const own = headersOfSpan(span.spanContext());
    return own.traceparent ? own : { ...xrayHeaders(), ...this.#passedOn };
  }
}

/** The call, and word of each part of its answer. */
function hearing(call: Call, hear: () => void): Call {
  const { onText } = call;
  return {
    ...call,
    progress: () => {
      hear();
      call.progress();
    },
    ...(onText && {
      onText: (text: string) => {
        hear();
        onText(text);
      },
    }),
  };
}

/**
 * What a try has cost that ended just now: with an answer, which had a price of its own, or with an error before any part of
 * one had come.
 */
function tellCost(
  span: Span,
  binding: BackendBinding | undefined,
  sinceMs: number,
  { costUsd, error }: { readonly costUsd?: number | undefined; readonly error?: unknown },
): void {
  const { perCallUsd, copy } = binding?.price ? callRateOf(binding.price) : {};
  const use = copy && !reachedNoCopy(error) ? copyUse(copy, epochMs() - sinceMs) : undefined;
  const callUsd = wasTurnedAway(error) ? undefined : perCallUsd;
  if (use) span.setAttribute('compound.copy_seconds', use.copySeconds);
  if (costUsd === undefined && callUsd === undefined && !use) return;
  span.setAttribute('compound.cost_usd', (costUsd ?? 0) + (callUsd ?? 0) + (use?.costUsd ?? 0));
}

/** Errors by their kind: messages may quote what was asked. */
function fail(span: Span, kind: string): void {
  span.setAttribute('error.type', kind);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** Finer than `Date.now()`. */
function epochMs(): number {
  return performance.timeOrigin + performance.now();
}
