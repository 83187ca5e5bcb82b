import { isSpanContextValid, type SpanContext, TraceFlags } from '@opentelemetry/api';

/** Headers that tell a service which trace a request is a part of. */
export type TraceHeaders = Readonly<Record<string, string>>;

/** Neither version `ff` nor ids of nothing but zeros (https://www.w3.org/TR/trace-context/#traceparent-header). */
const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}$/;

/** The longest that everybody passes on (https://www.w3.org/TR/trace-context/#tracestate-limits). */
const MAX_STATE_CHARACTERS = 512;
const MAX_MEMBERS = 32;

/** A member of the state, which may have blanks around it (https://www.w3.org/TR/trace-context-2/#tracestate-header). */
const MEMBER = /^[ \t]*[a-z\d][a-z\d_\-*/@]{0,255}=[ -+\--<>-~]{0,255}[!-+\--<>-~][ \t]*$/;

/**
 * The W3C headers of a request, as one that takes no part in tracing passes them on. Names of headers have any case. What is not as it
 * should be is left out: no request could be sent with a header that HTTP does not allow.
 */
export function w3cHeadersOf(headers: Readonly<Record<string, string | undefined>> | null | undefined): TraceHeaders {
  const known = new Map(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  const traceparent = known.get('traceparent');
  const tracestate = known.get('tracestate');
  if (!traceparent || !TRACEPARENT.test(traceparent)) return {};
  return { traceparent, ...(tracestate && isState(tracestate) && { tracestate }) };
}

function isState(text: string): boolean {
  const members = text.split(',');
  return (
    text.length <= MAX_STATE_CHARACTERS &&
    members.length <= MAX_MEMBERS &&
    members.every((member) => MEMBER.test(member))
  );
}

/** A span as the parent of what a service does: in the words of the W3C, and in those of X-Ray. */
export function headersOfSpan(span: SpanContext): TraceHeaders {
  if (!isSpanContextValid(span)) return {};
  const { traceId, spanId, traceFlags, traceState } = span;
  const isSampled = (traceFlags & TraceFlags.SAMPLED) !== 0;
  const state = traceState?.serialize();
  return {
    traceparent: `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`,
    ...(state && { tracestate: state }),
    'x-amzn-trace-id': `Root=1-${traceId.slice(0, 8)}-${traceId.slice(8)};Parent=${spanId};Sampled=${isSampled ? 1 : 0}`,
  };
}

/** Of the invocation, as Lambda traces it (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html). */
export function xrayHeaders(): TraceHeaders {
  const id = process.env._X_AMZN_TRACE_ID;
  return id ? { 'x-amzn-trace-id': id } : {};
}
