import { termsOfQuestion } from './terms';

/** What stands under headings that have nothing of the query may be a detail of something else. */
const DETAIL_DISCOUNT = 0.25;

/** What stands under a wide heading may still be a detail of it. */
const ABOVE_WEIGHT = 0.9;

/**
 * How well the headings above a passage fit a query, from 0 to 1, the outermost heading first.
 *
 * For the nearest it is the share of its own terms that the query has too: "Layers" is the section on layers, "Layer
 * versions of extensions" is a detail, though it matches as well. So may be "Into a bucket" under "Staging code". Those
 * above it are wide, so they must also name much of the query (the coefficient of Dice): "VPC" stands above everything.
 */
export function headingFit(headings: readonly string[], terms: ReadonlySet<string>): number {
  const fits = headings.map((heading, i) => {
    const own = termsOfQuestion(heading);
    const shared = own.filter((term) => terms.has(term)).length;
    if (shared === 0) return 0;
    if (i === headings.length - 1) {
      return (shared / own.length) * (1 - DETAIL_DISCOUNT * foreignShare(headings.slice(0, -1), terms));
    }
    return (ABOVE_WEIGHT * (2 * shared)) / (own.length + terms.size);
  });
  return Math.max(0, ...fits);
}

/** The share of headings that have no term of the query. */
function foreignShare(headings: readonly string[], terms: ReadonlySet<string>): number {
  if (headings.length === 0) return 0;
  const foreign = headings.filter((heading) => !termsOfQuestion(heading).some((term) => terms.has(term)));
  return foreign.length / headings.length;
}
