import type * as z from 'zod';
import { show } from '../instances/instance';
import { Compare } from '../schemas';

interface Value {
  readonly name: string;
  readonly value: number;
}

/** Puts values in order; those that are not known are left out. */
export function compare({ by, unit, values }: z.infer<typeof Compare.input>): z.infer<typeof Compare.output> {
  const known = values.filter((each): each is Value => each.name !== null && each.value !== null);
  const ascending = known.toSorted((a, b) => a.value - b.value);
  const [lowest, highest] = [ascending[0], ascending.at(-1)];
  if (!lowest || !highest || lowest === highest) return { lowest: null, highest: null, evidence: [] };
  const statement = `${describe(ascending, by, unit)}${distanceOf(lowest, highest, unit)}.`;
  return { lowest: lowest.name, highest: highest.name, evidence: [{ statement, source: 'comparison' }] };
}

/** The Lambda function behind the tool `compare`. */
export async function handler(event: unknown): Promise<z.infer<typeof Compare.output>> {
  return compare(Compare.input.parse(event));
}

function describe(ascending: readonly Value[], by: string, unit: string | undefined): string {
  const [lowest, ...others] = ascending.map(({ name, value }) => `${name} with ${show(value, unit)}`);
  return `By ${by}, the lowest is ${lowest}, then ${others.join(', then ')}`;
}

function distanceOf(lowest: Value, highest: Value, unit: string | undefined): string {
  if (lowest.value <= 0 || lowest.value === highest.value) return '';
  return `; the last is ${show(highest.value / lowest.value)} times the first, ${show(highest.value - lowest.value, unit)} more`;
}
