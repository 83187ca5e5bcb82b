import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import { isThenable } from './thenable';

/** A schema of any library that implements Standard Schema: zod, valibot, arktype and others. */
export type Schema<Input = any, Output = any> = StandardSchemaV1<Input, Output>;

/** What a caller passes to a schema, before its defaults and transforms. */
export type InputOf<S extends Schema> = StandardSchemaV1.InferInput<S>;

/** What a schema yields once a value has passed. */
export type OutputOf<S extends Schema> = StandardSchemaV1.InferOutput<S>;

/** One thing that is wrong with a value. */
export interface Issue {
  /** Where, as in `queries[2].text`; empty for the value itself. */
  readonly path: string;
  readonly message: string;
}

export type Validation<T> = { readonly value: T; readonly issues?: never } | { readonly issues: readonly Issue[] };

/** A value may be wrong in a million places; nobody reads further than this. */
const MAX_ISSUES = 100;

/** Checks a value: at once, unless the schema takes its time. */
export function validate<S extends Schema>(
  schema: S,
  value: unknown,
): Validation<OutputOf<S>> | Promise<Validation<OutputOf<S>>> {
  const result = schema['~standard'].validate(value);
  return isThenable(result) ? Promise.resolve(result).then(toValidation) : toValidation(result);
}

function toValidation<T>(result: StandardSchemaV1.Result<T>): Validation<T> {
  if (!result.issues) return { value: result.value };
  return {
    issues: result.issues
      .slice(0, MAX_ISSUES)
      .map(({ path = [], message }) => ({ path: path.reduce(appendKey, ''), message })),
  };
}

/** Issues in one line, as in `queries[2].text: expected string; name: too short`. */
export function formatIssues(issues: readonly Issue[]): string {
  return issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
}

/**
 * The schema as JSON Schema (draft 2020-12), for descriptions and API documents.
 *
 * `true`, which accepts anything, where its library offers no JSON Schema or a part of it has none, such as a transform.
 */
export function toJsonSchema(schema: Schema | undefined, side: 'input' | 'output'): JsonSchema {
  const standard = schema?.['~standard'] as Partial<StandardJSONSchemaV1.Props> | undefined;
  try {
    const { $schema: _, ...jsonSchema } =
      standard?.jsonSchema?.[side]({
        target: 'draft-2020-12',
        // zod's word for: leave a part that JSON has no form for, such as a date, open.
        libraryOptions: { unrepresentable: 'any' },
      }) ?? {};
    return Object.keys(jsonSchema).length > 0 ? jsonSchema : true;
  } catch {
    return true;
  }
}

export type JsonSchema = Record<string, unknown> | true;

function appendKey(path: string, segment: PropertyKey | StandardSchemaV1.PathSegment): string {
  const key = typeof segment === 'object' ? segment.key : segment;
  return typeof key === 'number' ? `${path}[${key}]` : `${path}${path && '.'}${String(key)}`;
}
