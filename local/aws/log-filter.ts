import { isRecord } from './http';

/** Tells whether a pattern matches a message. */
export type LogFilter = (message: string) => boolean;

const COMPARISON = /^\$((?:\.\w+)+)\s*=\s*"((?:[^"\\]|\\.)*)"$/;

/**
 * Reads a filter pattern, of which the local stack knows two forms: `"text"` and `{ $.field = "text" && ... }`
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html). None matches everything.
 *
 * @throws RangeError for any other
 */
export function readFilterPattern(pattern: string): LogFilter {
  const text = pattern.trim();
  if (text === '') return () => true;
  const [, phrase] = /^"([^"]*)"$/.exec(text) ?? [];
  if (phrase !== undefined) return (message) => message.includes(phrase);
  const [, body] = /^\{(.*)\}$/s.exec(text) ?? [];
  const comparisons = body?.split('&&').map((one) => COMPARISON.exec(one.trim()));
  if (!comparisons?.every((one) => one !== null)) {
    throw new RangeError(
      `the local stack knows the filter patterns "text" and { $.field = "text" && ... }, got: ${pattern}`,
    );
  }
  const wanted = comparisons.map(([, path = '', value = '']) => ({
    path: path.slice(1).split('.'),
    value: JSON.parse(`"${value}"`) as string,
  }));
  return (message) => {
    const fields = parse(message);
    return wanted.every(({ path, value }) => path.reduce<unknown>(memberOf, fields) === value);
  };
}

function memberOf(value: unknown, key: string): unknown {
  return isRecord(value) ? value[key] : undefined;
}

function parse(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}
