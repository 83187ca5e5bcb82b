export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}

/** The nearest sample at or above a share of all. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
