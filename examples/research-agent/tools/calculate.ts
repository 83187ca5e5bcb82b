import type * as z from 'zod';
import { show } from '../instances/instance';
import { Calculate } from '../schemas';
import { evaluate } from './expression';

/** Calculates what an expression comes to; what rests on a number that is not known is not known either. */
export function calculate({ of, expression, unit }: z.infer<typeof Calculate.input>): z.infer<typeof Calculate.output> {
  if (/\bnull\b/.test(expression)) return { value: null, evidence: [] };
  const value = evaluate(expression);
  const statement = `${of.charAt(0).toUpperCase()}${of.slice(1)} is ${show(value, unit)} (${expression}).`;
  return { value, evidence: [{ statement, source: 'calculation' }] };
}

/** The Lambda function behind the tool `calculate`. */
export async function handler(event: unknown): Promise<z.infer<typeof Calculate.output>> {
  return calculate(Calculate.input.parse(event));
}
