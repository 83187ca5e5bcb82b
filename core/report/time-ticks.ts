/** Round times from 0 to the end, `most` of them at the most. */
export function timeTicks(endMs: number, most: number): number[] {
  if (!(endMs > 0)) return [0];
  const least = endMs / most;
  const power = 10 ** Math.floor(Math.log10(least));
  const stepMs = [1, 2, 5, 10].map((digit) => digit * power).find((step) => step >= least)!;
  return Array.from({ length: Math.floor(endMs / stepMs) + 1 }, (_, i) => i * stepMs);
}
