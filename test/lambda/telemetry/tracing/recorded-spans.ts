import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';

/** The spans that this process has ended since they were last forgotten, while it is registered as their provider. */
export class RecordedSpans {
  readonly #exporter = new InMemorySpanExporter();

  register(): void {
    trace.setGlobalTracerProvider(
      new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(this.#exporter)] }),
    );
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  }

  unregister(): void {
    trace.disable();
    context.disable();
    propagation.disable();
  }

  forget(): void {
    this.#exporter.reset();
  }

  get all(): ReadableSpan[] {
    return this.#exporter.getFinishedSpans();
  }

  allNamed(name: string): ReadableSpan[] {
    return this.all.filter((span) => span.name === name);
  }

  named(name: string): ReadableSpan {
    return this.allNamed(name)[0]!;
  }

  /** All that an exporter could tell of them. */
  get text(): string {
    return JSON.stringify(
      this.all.map(({ name, attributes, events, status, links }) => ({ name, attributes, events, status, links })),
    );
  }
}
