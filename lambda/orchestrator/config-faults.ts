import type { Binding, Price } from '../../core/graph/binding';
import { show } from '../../core/graph/show';

/** The text that says where a component runs, and texts that may say more. */
const FIELDS: Readonly<Record<Binding['type'], { readonly required: string; readonly optional?: string }>> = {
  sagemaker: { required: 'endpointName', optional: 'inferenceComponentName' },
  bedrock: { required: 'modelId' },
  lambda: { required: 'functionName' },
  http: { required: 'url', optional: 'model' },
};

const PRICES: Readonly<Record<keyof Price, true>> = {
  perCallUsd: true,
  perMillionInputTokensUsd: true,
  perMillionOutputTokensUsd: true,
};

/** What is wrong with a configuration, field by field. Values of headers may be keys, so none is shown. */
export function* configFaults(config: unknown): Iterable<string> {
  if (!isObject(config)) return yield 'must be an object';
  const { bindings, deadlineMs } = config;
  if (deadlineMs !== undefined && !(typeof deadlineMs === 'number' && deadlineMs > 0)) {
    yield `deadlineMs must be a positive number, got: ${show(deadlineMs)}`;
  }
  if (!isObject(bindings)) return yield 'bindings must be an object with a binding for each component';
  for (const [component, binding] of Object.entries(bindings)) yield* bindingFaults(`bindings.${component}`, binding);
}

function* bindingFaults(at: string, binding: unknown): Iterable<string> {
  if (!isObject(binding) || !isType(binding.type)) {
    return yield `${at}.type must be one of ${Object.keys(FIELDS).join(', ')}`;
  }
  const { required, optional } = FIELDS[binding.type];
  if (typeof binding[required] !== 'string' || binding[required] === '') yield `${at}.${required} must be a string`;
  if (optional !== undefined && !isOptionalText(binding[optional])) yield `${at}.${optional} must be a string`;
  if (binding.headers !== undefined) yield* headerFaults(`${at}.headers`, binding.headers);
  if (binding.price !== undefined) yield* priceFaults(`${at}.price`, binding.price);
}

function* headerFaults(at: string, headers: unknown): Iterable<string> {
  if (!isObject(headers)) return yield `${at} must be an object of strings`;
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value !== 'string') yield `${at}.${name} must be a string`;
  }
}

function* priceFaults(at: string, price: unknown): Iterable<string> {
  if (!isObject(price)) return yield `${at} must be an object`;
  for (const [name, value] of Object.entries(price)) {
    if (!Object.hasOwn(PRICES, name)) yield `${at}.${name} is none of ${Object.keys(PRICES).join(', ')}`;
    else if (!isAmount(value)) yield `${at}.${name} must be a number from 0, got: ${show(value)}`;
  }
}

const isType = (type: unknown): type is Binding['type'] => typeof type === 'string' && Object.hasOwn(FIELDS, type);

const isOptionalText = (value: unknown) => value === undefined || typeof value === 'string';

const isAmount = (value: unknown) => typeof value === 'number' && value >= 0 && value < Infinity;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
