/**
 * Cuts a need for copies at its pauses, the runs of at least `pauseWindows` windows that need none, and leaves them out.
 * The first span begins with the first window, even in a pause, so that it may begin warm.
 */
export function busySpans(needByWindow: ArrayLike<number>, pauseWindows: number): Float64Array[] {
  const need = Float64Array.from(needByWindow);
  const spans: Float64Array[] = [];
  let start = 0;
  let quiet = 0;
  need.forEach((copies, t) => {
    if (copies === 0) {
      quiet++;
      return;
    }
    if (quiet >= Math.max(1, pauseWindows)) {
      spans.push(need.subarray(start, t - quiet));
      start = t;
    }
    quiet = 0;
  });
  spans.push(need.subarray(start));
  return spans;
}
