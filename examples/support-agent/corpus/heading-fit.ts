import { termsOfQuestion } from './terms';

/**
 * The share of a heading's terms that a query has too, from 0 to 1.
 *
 * "Layers" is the section on layers; "Layer versions of extensions" is a detail, though it matches as well.
 */
export function headingFit(heading: string, terms: ReadonlySet<string>): number {
  const own = termsOfQuestion(heading);
  return own.length === 0 ? 0 : own.filter((term) => terms.has(term)).length / own.length;
}
