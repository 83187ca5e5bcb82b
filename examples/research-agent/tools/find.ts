import type * as z from 'zod';
import { CATALOGUE, PRICES, SIZES } from '../instances/catalogue';
import { type Instance, NO_INSTANCE, QUANTITIES, type Quantity, show } from '../instances/instance';
import { Find } from '../schemas';
import { evidenceOf } from './lookup';

type Request = z.infer<typeof Find.input>;
type Bounds = Request['atLeast'];

/** The instance type with the lowest or the highest of a quantity among those that meet the conditions. */
export function find(request: Request): z.infer<typeof Find.output> {
  const { accelerator, atLeast, atMost, best } = request;
  const matches = CATALOGUE.filter(
    (instance) =>
      (accelerator === undefined || instance.accelerator === accelerator) &&
      boundsOf(atLeast).every(([quantity, bound]) => bound !== null && instance[quantity]! >= bound) &&
      boundsOf(atMost).every(([quantity, bound]) => bound !== null && instance[quantity]! <= bound),
  );
  const first = matches.toSorted((a, b) => rankOf(a, best) - rankOf(b, best))[0];
  const conditions = describe(request);
  if (!first) {
    const statement = `No instance type of the catalogue meets this: ${conditions}.`;
    return { ...NO_INSTANCE, matches: 0, evidence: [{ statement, source: SIZES }] };
  }
  const { title, unit } = QUANTITIES[best.quantity];
  const value = show(first[best.quantity]!, unit);
  const statement = `Among the instance types with ${conditions}, ${first.name} has the ${best.is} ${title}: ${value}.`;
  const source = best.quantity === 'pricePerHourUsd' ? PRICES : SIZES;
  return { ...first, matches: matches.length, evidence: [{ statement, source }, ...evidenceOf(first)] };
}

/** The Lambda function behind the tool `find`. */
export async function handler(event: unknown): Promise<z.infer<typeof Find.output>> {
  return find(Find.input.parse(event));
}

/** Of equal ones the cheapest is the best. */
function rankOf(instance: Instance, { quantity, is }: Request['best']): number {
  const PRICE_WEIGHT = 1e-6;
  return (is === 'lowest' ? 1 : -1) * instance[quantity]! + PRICE_WEIGHT * instance.pricePerHourUsd!;
}

const boundsOf = (bounds: Bounds = {}) => Object.entries(bounds) as [Quantity, number | null][];

function describe({ accelerator, atLeast, atMost }: Request): string {
  const bounds = (word: string, limits: Bounds) =>
    boundsOf(limits).map(([quantity, bound]) => {
      const { title, unit } = QUANTITIES[quantity];
      return `${title} of ${word} ${bound === null ? 'something that is not known' : show(bound, unit)}`;
    });
  const conditions = [
    ...(accelerator === undefined ? [] : [`${accelerator} accelerators`]),
    ...bounds('at least', atLeast),
    ...bounds('at most', atMost),
  ];
  return conditions.join(' and ') || 'accelerators';
}
