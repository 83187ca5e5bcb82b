import { show } from './show';

/** Reports what is wrong with a value of a definition, if anything is. */
export type Rule = (value: unknown, path: string, report: Report) => void;

/** Takes a fault: `path` is the node, then the field, as in `facts.retry.attempts`. */
export type Report = (path: string, message: string) => void;

/** A rule that a value either meets or not. */
export function must(accepts: (value: any) => boolean, what: string): Rule {
  return (value, path, report) => {
    if (!accepts(value)) report(path, `must be ${what}, got: ${show(value)}`);
  };
}

/** Passes what is left out. */
export function optional(rule: Rule): Rule {
  return (value, path, report) => {
    if (value !== undefined) rule(value, path, report);
  };
}

/** An object with these fields and no others. */
export function fields(rules: Readonly<Record<string, Rule>>): Rule {
  const known = Object.keys(rules).join(', ');
  return (value, path, report) => {
    if (typeof value !== 'object' || value === null) {
      report(path, `must be an object with any of ${known}, got: ${show(value)}`);
      return;
    }
    const prefix = path && `${path}.`;
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(rules, key)) report(prefix + key, `is no option here (options: ${known})`);
    }
    for (const [key, rule] of Object.entries(rules)) {
      rule((value as Record<string, unknown>)[key], prefix + key, report);
    }
  };
}

/** Letters, digits, `_` and `-`: safe as an object key, a metric dimension and a word of a URL. */
export const name = must(
  (value) => typeof value === 'string' && /^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(value),
  'a name (a letter, then up to 63 letters, digits, "_" or "-")',
);
export const callback = must((value) => typeof value === 'function', 'a function');
export const schema = must(
  (value) => typeof value?.['~standard']?.validate === 'function',
  'a schema that implements Standard Schema, such as z.object({...})',
);
export const count = must((value) => Number.isInteger(value) && value >= 1, 'a whole number from 1');
export const countFrom0 = must((value) => Number.isInteger(value) && value >= 0, 'a whole number from 0');
export const positive = (unit: string) =>
  must((value) => typeof value === 'number' && value > 0, `a positive number of ${unit}`);
export const duration = must(
  (value) => typeof value === 'number' && value > 0 && value < Infinity,
  'a positive number of milliseconds',
);
export const share = must((value) => typeof value === 'number' && value > 0 && value <= 1, 'a share above 0, up to 1');
export const flag = must((value) => typeof value === 'boolean', 'true or false');
export const text = must((value) => typeof value === 'string', 'a text');

/** What each run can get a copy of, and a description can show. */
export const plainData = must((value) => {
  try {
    return JSON.stringify(structuredClone(value)) !== undefined;
  } catch {
    return false;
  }
}, 'plain data, as JSON can hold it');
