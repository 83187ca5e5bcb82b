/** Copies of one component over time. */
export interface CopySeries {
  readonly component: string;
  readonly inService: readonly number[];
  readonly desired: readonly number[];
}

/** A prime number of looks: at even intervals they keep off the beat of the metrics, on which copies change. */
export const LOOKS = 241;

/** Between two looks. The first is one interval after the start. */
export const lookIntervalUs = (durationUs: number): number => Math.ceil(durationUs / LOOKS);
