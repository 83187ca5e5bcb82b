import { isRecord } from './http';
import type { Dimension, MetricId } from './metrics/metric-store';
import { listOf, stringOf } from './read-json';

export function readRecord(value: unknown, path: string): Record<string, unknown> {
  if (isRecord(value)) return value;
  throw new RangeError(`${path} is required`);
}

/** In milliseconds since 1970. */
export function readTimeMs(value: unknown, path: string): number {
  if (typeof value === 'number') return value * 1000;
  throw new RangeError(`${path} must be a time in seconds since 1970, got: ${JSON.stringify(value)}`);
}

export function readNumber(value: unknown, path: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new RangeError(`${path} must be a number, got: ${JSON.stringify(value)}`);
}

export function readMetricId(value: Record<string, unknown>, namespace: unknown, path: string): MetricId {
  return {
    Namespace: stringOf(namespace, `${path}.Namespace`),
    MetricName: stringOf(value.MetricName, `${path}.MetricName`),
    Dimensions: listOf(value.Dimensions ?? [], `${path}.Dimensions`).map((dimension, at) =>
      readDimension(dimension, `${path}.Dimensions[${at}]`),
    ),
  };
}

function readDimension(value: unknown, path: string): Dimension {
  const { Name, Value } = readRecord(value, path);
  return { Name: stringOf(Name, `${path}.Name`), Value: stringOf(Value, `${path}.Value`) };
}
