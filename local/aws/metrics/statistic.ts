import type { Distribution } from './distribution';

/** What a query asks of the values of a period; undefined where it is not known. */
export type Statistic = (values: Distribution) => number | undefined;

const SIMPLE: ReadonlyMap<string, Statistic> = new Map<string, Statistic>([
  ['SampleCount', ({ sampleCount }) => sampleCount],
  ['Sum', ({ sum }) => sum],
  ['Average', ({ sum, sampleCount }) => sum / sampleCount],
  ['Minimum', ({ minimum }) => minimum],
  ['Maximum', ({ maximum }) => maximum],
]);

/** `p0` to `p100`, with up to ten decimals (Amazon CloudWatch User Guide, "CloudWatch statistics definitions"). */
const PERCENTILE = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/;

/** @throws RangeError for a statistic that the local stack does not compute, such as a trimmed mean. */
export function statisticOf(name: string): Statistic {
  const simple = SIMPLE.get(name);
  if (simple) return simple;
  const percent = PERCENTILE.exec(name)?.[1];
  if (percent !== undefined) return (values) => values.percentile(Number(percent));
  throw new RangeError(
    `Stat must be one of ${[...SIMPLE.keys()].join(', ')} or a percentile such as p95, got: ${name}`,
  );
}
