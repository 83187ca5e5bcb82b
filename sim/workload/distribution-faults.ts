import { isObject } from '../../core/graph/field-faults';
import { show } from '../../core/graph/show';
import { type Check, from, list, oneOf, optional, positive, record } from './checks';

const pair: Check = function* (at, value) {
  if (!Array.isArray(value) || value.length !== 2) {
    return yield `${at} must be a pair [probability, value], got: ${show(value)}`;
  }
  yield* from(0, 1)(`${at}[0]`, value[0]);
  yield* from(0)(`${at}[1]`, value[1]);
};

/** The forms of a distribution, by the field that only they have. */
const FORMS: Readonly<Record<string, Check>> = {
  lognormal: record({ lognormal: record({ p50: positive, p95: positive }), max: optional(positive) }),
  exponential: record({ exponential: record({ mean: from(0) }), max: optional(positive) }),
  quantiles: record({ quantiles: list(pair) }),
  request: record({
    request: oneOf('promptTokens', 'outputTokens'),
    times: optional(from(0)),
    plus: optional(from(0)),
  }),
};

/** What is wrong with data that should be a `Distribution`, field by field; values below 0 are wrong as well. */
export function* distributionFaults(at: string, value: unknown): Iterable<string> {
  if (typeof value === 'number') return yield* from(0)(at, value);
  const form = isObject(value) ? Object.keys(FORMS).find((field) => Object.hasOwn(value, field)) : undefined;
  if (!form) {
    return yield `${at} must be a number or an object with one of ${Object.keys(FORMS).join(', ')}, got: ${show(value)}`;
  }
  const faults = [...FORMS[form]!(at, value)];
  yield* faults.length > 0 ? faults : orderFaults(at, value as Record<string, unknown>);
}

/** Of data whose fields are right one by one. */
function* orderFaults(at: string, value: Record<string, unknown>): Iterable<string> {
  if ('lognormal' in value) {
    const { p50, p95 } = value.lognormal as { p50: number; p95: number };
    if (p95 < p50) yield `${at}.lognormal.p95 must be at least p50, ${p50}, got: ${p95}`;
  }
  if ('quantiles' in value) {
    const pairs = value.quantiles as readonly (readonly [number, number])[];
    for (let i = 1; i < pairs.length; i++) {
      const [[below, valueBelow], [probability, quantile]] = [pairs[i - 1]!, pairs[i]!];
      if (probability <= below) yield `${at}.quantiles[${i}][0] must be above ${below}, got: ${probability}`;
      if (quantile < valueBelow) yield `${at}.quantiles[${i}][1] must be at least ${valueBelow}, got: ${quantile}`;
    }
  }
}
