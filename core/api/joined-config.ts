import { isObject } from '../graph/field-faults';

/** The configuration that parts are of: their objects laid over each other. */
export function joinedConfig(parts: readonly unknown[]): unknown {
  return parts.reduce(overlaid);
}

function overlaid(under: unknown, over: unknown): unknown {
  if (!isObject(under) || !isObject(over)) return over;
  const shared = Object.keys(over).filter((key) => Object.hasOwn(under, key));
  return { ...under, ...over, ...Object.fromEntries(shared.map((key) => [key, overlaid(under[key], over[key])])) };
}
