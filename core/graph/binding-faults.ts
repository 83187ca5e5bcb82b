import type { Binding, HttpSecret, Price } from './binding';
import { show } from './show';

type Check = (at: string, value: unknown) => Iterable<string>;

/** A check for each field but `type`; what a table does not name is a fault. */
type Fields<T> = Readonly<Record<Exclude<keyof T, 'type'>, Check>>;

const PRICE: Fields<Price> = {
  perCallUsd: optional(amount),
  perMillionInputTokensUsd: optional(amount),
  perMillionOutputTokensUsd: optional(amount),
};

const SECRET: Fields<HttpSecret> = {
  secretId: name,
  field: optional(text),
  header: optional(name),
  scheme: optional(text),
};

const price = optional((at, value) => objectFaults(at, value, PRICE));
const region = optional(name);

const BINDINGS: { readonly [T in Binding['type']]: Fields<Extract<Binding, { type: T }>> } = {
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

/** What is wrong with a binding, field by field. Values of headers may be keys, so none is shown. */
export function* bindingFaults(at: string, binding: unknown): Iterable<string> {
  if (!hasType(binding)) {
    return yield `${at}.type must be one of ${Object.keys(BINDINGS).join(', ')}`;
  }
  const { type, ...fields } = binding;
  yield* objectFaults(at, fields, BINDINGS[type]);
}

function* objectFaults(at: string, value: unknown, fields: Readonly<Record<string, Check>>): Iterable<string> {
  if (!isObject(value)) return yield `${at} must be an object`;
  for (const [field, check] of Object.entries(fields)) yield* check(`${at}.${field}`, value[field]);
  for (const field of Object.keys(value)) {
    if (!Object.hasOwn(fields, field)) yield `${at}.${field} is none of ${Object.keys(fields).join(', ')}`;
  }
}

function* headerFaults(at: string, headers: unknown): Iterable<string> {
  if (!isObject(headers)) return yield `${at} must be an object of strings`;
  for (const [header, value] of Object.entries(headers)) yield* text(`${at}.${header}`, value);
}

function optional(check: Check): Check {
  return (at, value) => (value === undefined ? [] : check(at, value));
}

function* text(at: string, value: unknown): Iterable<string> {
  if (typeof value !== 'string') yield `${at} must be a string`;
}

function* name(at: string, value: unknown): Iterable<string> {
  if (typeof value !== 'string' || value === '') yield `${at} must be a string`;
}

function* amount(at: string, value: unknown): Iterable<string> {
  if (!(typeof value === 'number' && value >= 0 && value < Infinity)) {
    yield `${at} must be a number from 0, got: ${show(value)}`;
  }
}

function hasType(binding: unknown): binding is { readonly type: Binding['type'] } {
  return isObject(binding) && typeof binding.type === 'string' && Object.hasOwn(BINDINGS, binding.type);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
