import { isPlain } from '../plain';

/** Stands for a part of what a task answered, as in `t1.passages[0].text`. */
const FROM = '$from';
/** Stands for its parts, strung together. */
const TEXT = '$text';

/** These change what objects inherit when careless code copies them. */
const REFUSED = new Set(['__proto__', 'constructor', 'prototype']);

/** A value of a plan, checked: the tasks that it refers to, and what is wrong with it. */
export function* inspect(value: unknown, path: string, needs: Set<string>): Iterable<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [field, part] of Object.entries(value)) {
    const at = Array.isArray(value) ? `${path}[${field}]` : `${path}.${field}`;
    if (REFUSED.has(field)) yield `${at} is no field that a plan may have`;
    else if (field === FROM) yield* inspectReference(value, part, path, needs);
    else if (field === TEXT && !(isOnly(value, TEXT) && Array.isArray(part))) {
      yield `${path} must be {"${TEXT}": [...]} with a list of texts and references, and no other field`;
    } else yield* inspect(part, at, needs);
  }
}

function* inspectReference(value: object, reference: unknown, path: string, needs: Set<string>): Iterable<string> {
  const parsed = typeof reference === 'string' && isOnly(value, FROM) ? parse(reference) : undefined;
  if (parsed) needs.add(parsed.task);
  else yield `${path} must be {"${FROM}": "<task>.<field>[<index>]"} and no other field`;
}

/** An input, or an output, that cannot be made as the plan has it; its message is for the planner. */
export class PlanValueError extends Error {
  override readonly name = 'PlanValueError';
}

/** The value with what it refers to in place. @throws PlanValueError */
export function resolve(value: unknown, resultOf: (task: string) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((part) => resolve(part, resultOf));
  const fields = value as Readonly<Record<string, unknown>>;
  if (typeof fields[FROM] === 'string') return follow(fields[FROM], resultOf);
  if (Array.isArray(fields[TEXT])) return fields[TEXT].map((part) => textOf(resolve(part, resultOf))).join('');
  return Object.fromEntries(Object.entries(fields).map(([field, part]) => [field, resolve(part, resultOf)]));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function follow(reference: string, resultOf: (task: string) => unknown): unknown {
  const { task, path } = parse(reference)!;
  let value = resultOf(task);
  for (const field of path) {
    // Own fields of plain data alone: nothing that objects inherit, and nothing that only looks like data.
    const isData = typeof value === 'object' && value !== null && (Array.isArray(value) || isPlain(value));
    if (!isData || !Object.hasOwn(value as object, field))
      throw new PlanValueError(`{"${FROM}": "${reference}"} leads nowhere: ${fieldsOf(value, isData)}`);
    value = (value as Readonly<Record<string, unknown>>)[field];
  }
  return value;
}

function fieldsOf(value: unknown, isData: boolean): string {
  if (!isData) return `there is no field in a ${value === null ? 'null' : typeof value}`;
  if (Array.isArray(value)) return `the list has ${value.length} items`;
  return `the fields are ${
    Object.keys(value as object)
      .join(', ')
      .slice(0, 200) || 'none'
  }`;
}

interface Reference {
  readonly task: string;
  readonly path: readonly string[];
}

const REFERENCE = /^([A-Za-z][\w-]{0,63})((?:\.[^.[\]]+|\[\d+\])*)$/;

function parse(reference: string): Reference | undefined {
  const match = REFERENCE.exec(reference);
  if (!match || reference.length > 500) return undefined;
  const path = [...match[2]!.matchAll(/\.([^.[\]]+)|\[(\d+)\]/g)].map(([, field, index]) => field ?? index!);
  return path.some((field) => REFUSED.has(field)) ? undefined : { task: match[1]!, path };
}

function isOnly(value: object, field: string): boolean {
  return Object.keys(value).length === 1 && Object.hasOwn(value, field);
}
