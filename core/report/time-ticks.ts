/** Shorter than any clock tells. */
const NO_TIME_MS = 1e-6;

/** Round times from 0 to the end, after 0 `most` of them at the most. */
export function timeTicks(endMs: number, most: number): number[] {
  if (!(endMs > NO_TIME_MS)) return [0];
  const least = endMs / most;
  const power = 10 ** Math.floor(Math.log10(least));
  const stepMs = [1, 2, 5, 10].map((digit) => digit * power).find((step) => step >= least)!;
  return Array.from({ length: Math.floor(endMs / stepMs) + 1 }, (_, i) => i * stepMs);
}
