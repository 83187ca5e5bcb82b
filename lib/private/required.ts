import type { Report } from './checks';

/**
 * Reports what TypeScript would have asked for: users of JavaScript, and of runners that do not check types, may leave it out.
 *
 * @param field of the properties themselves, or nothing if they are those of the construct
 * @returns whether all are there, so that the other checks can look at them
 */
export function checkRequired(
  id: string,
  field: string,
  props: object | undefined,
  names: readonly string[],
  report: Report,
): boolean {
  const values = given(props) as Readonly<Record<string, unknown>>;
  const missing = names.filter((name) => values[name] === undefined || values[name] === null);
  for (const name of missing) {
    report(id, field === '' ? name : `${field}.${name}`, 'is required: give it a value');
  }
  return missing.length === 0;
}

/** The properties as far as there are any. */
export function given<T extends object>(props: T | undefined): Partial<T> {
  return props ?? {};
}
