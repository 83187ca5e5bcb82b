import { MIN_SAMPLES } from './p95-verdict';

/** A shorter window answers faster, but follows noise. */
export const SHORTEST_WINDOW_MINUTES = 5;

/** A longer one tells about another hour of the day. */
export const LONGEST_WINDOW_MINUTES = 60;

/**
 * Over how many of the last minutes to ask for percentiles: the fewest that hold enough requests to judge a P95.
 *
 * @param requestsPerMinute the last minutes, newest last; a minute without data counts as one without requests
 * @param enough requests: `MIN_SAMPLES` show a breach, `SLACK_SAMPLES` slack
 */
export function evidenceWindowMinutes(requestsPerMinute: readonly number[], enough: number = MIN_SAMPLES): number {
  let requests = 0;
  for (let minutes = 1; minutes < LONGEST_WINDOW_MINUTES; minutes++) {
    requests += requestsPerMinute.at(-minutes) ?? 0;
    if (minutes >= SHORTEST_WINDOW_MINUTES && requests >= enough) return minutes;
  }
  return LONGEST_WINDOW_MINUTES;
}
