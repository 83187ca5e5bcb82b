import type { BackendBinding, Binding, HttpSecret, Price, SpilloverRules } from './binding';
import { BREAKER_RULES } from './breaker-rules';
import { amount, checkOf, type Fields, isObject, name, objectFaults, optional, text } from './field-faults';
import { count, flag, positive } from './rules';

const PRICE: Fields<Price> = {
  perCallUsd: optional(amount),
  perMillionInputTokensUsd: optional(amount),
  perMillionOutputTokensUsd: optional(amount),
  perCopyHourUsd: optional(amount),
  concurrencyPerCopy: optional(checkOf(positive('calls'))),
  source: optional(text),
};

const SECRET: Fields<HttpSecret> = {
  secretId: name,
  field: optional(text),
  header: optional(name),
  scheme: optional(text),
};

const price = optional(priceFaults);
const region = optional(name);

const isFlag = optional(checkOf(flag));

const RULES: Fields<SpilloverRules> = {
  notReady: isFlag,
  throttled: isFlag,
  breakerOpen: isFlag,
  maxInFlight: optional(checkOf(count)),
};

const BREAKER = Object.fromEntries(Object.entries(BREAKER_RULES).map(([option, rule]) => [option, checkOf(rule)]));

type Backends = { readonly [T in BackendBinding['type']]: Fields<Omit<Extract<Binding, { type: T }>, 'type'>> };

const BACKENDS: Backends = {
  sagemaker: { endpointName: name, inferenceComponentName: optional(text), region, price },
  bedrock: { modelId: name, region, price },
  lambda: { functionName: name, region, price },
  http: {
    url: name,
    model: optional(text),
    headers: optional(headerFaults),
    secret: optional((at, value) => objectFaults(at, value, SECRET)),
    price,
  },
};

const BINDINGS: { readonly [T in Binding['type']]: Fields<Omit<Extract<Binding, { type: T }>, 'type'>> } = {
  ...BACKENDS,
  spillover: {
    alternatives: alternativeFaults,
    when: optional((at, value) => objectFaults(at, value, RULES)),
    breaker: optional((at, value) => objectFaults(at, value, BREAKER)),
  },
};

/** What is wrong with a binding, field by field. Values of headers may be keys, so none is shown. */
export function bindingFaults(at: string, binding: unknown): Iterable<string> {
  return typedFaults(at, binding, BINDINGS);
}

function* typedFaults(at: string, binding: unknown, types: Readonly<Record<string, Fields<object>>>): Iterable<string> {
  if (!isObject(binding) || typeof binding.type !== 'string' || !Object.hasOwn(types, binding.type)) {
    return yield `${at}.type must be one of ${Object.keys(types).join(', ')}`;
  }
  const { type, ...fields } = binding;
  yield* objectFaults(at, fields, types[type]!);
}

function* alternativeFaults(at: string, alternatives: unknown): Iterable<string> {
  if (!Array.isArray(alternatives) || alternatives.length < 2) {
    return yield `${at} must be a list of two or more backends`;
  }
  for (const [i, binding] of alternatives.entries()) yield* typedFaults(`${at}[${i}]`, binding, BACKENDS);
}

function* priceFaults(at: string, price: unknown): Iterable<string> {
  yield* objectFaults(at, price, PRICE);
  if (isObject(price) && price.concurrencyPerCopy !== undefined && price.perCopyHourUsd === undefined) {
    yield `${at}.concurrencyPerCopy needs perCopyHourUsd, the price that the calls share`;
  }
}

function* headerFaults(at: string, headers: unknown): Iterable<string> {
  if (!isObject(headers)) return yield `${at} must be an object of strings`;
  for (const [header, value] of Object.entries(headers)) yield* text(`${at}.${header}`, value);
}
