import { w3cHeadersOf } from '../../../../lambda/telemetry/tracing/trace-headers';

const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const passedOn = (headers: Record<string, string>) => w3cHeadersOf({ traceparent: TRACEPARENT, ...headers });

test.each([
  'shop=1',
  'shop=1,tenant@shop=a b',
  'shop=1 , \tother=2',
  'a=!~ x',
  Array.from({ length: 32 }, (_, i) => `k${i}=v`).join(','),
])('the state of a trace is passed on: %j', (tracestate) => {
  expect(passedOn({ tracestate })).toEqual({ traceparent: TRACEPARENT, tracestate });
});

test.each([
  'a=日',
  'a=b\r\nx-evil: 1',
  'a=b\n',
  'a',
  'A=b',
  'a=b=c',
  'a=',
  Array.from({ length: 33 }, (_, i) => `k${i}=v`).join(','),
  `a=${'x'.repeat(257)}`,
])('a state that is none is left out, and the trace goes on: %j', (tracestate) => {
  expect(passedOn({ tracestate })).toEqual({ traceparent: TRACEPARENT });
});

test.each([
  TRACEPARENT.replace('00-', 'ff-'),
  TRACEPARENT.replace('4bf92f3577b34da6a3ce929d0e0e4736', '0'.repeat(32)),
  TRACEPARENT.replace('00f067aa0ba902b7', '0'.repeat(16)),
  TRACEPARENT.toUpperCase(),
  `${TRACEPARENT}\n`,
  `${TRACEPARENT}-more`,
  '',
])('a trace that is none is not gone on with: %j', (traceparent) => {
  expect(passedOn({ traceparent, tracestate: 'shop=1' })).toEqual({});
});
