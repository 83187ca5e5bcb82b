import { show } from '../../../core/graph/show';
import { BadLine } from './trace-error';

const PATTERN = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|\+00:00)?$/;

/**
 * Microseconds since 1970 of a time such as `2023-11-16 18:15:46.6805900`. The parsers of the language keep
 * milliseconds only.
 */
export function timestampUs(field: string, text: string): number {
  const match = PATTERN.exec(text);
  const [year, month, day, hour, minute, second] = (match ?? []).slice(1, 7).map(Number);
  if (!match || !isDay(year!, month!, day!) || hour! > 23 || minute! > 59 || second! > 60) {
    throw new BadLine(`${field} must be a time like 2023-11-16 18:15:46.6805900, got: ${show(text)}`);
  }
  const seconds = daysSince1970(year!, month!, day!) * 86_400 + hour! * 3600 + minute! * 60 + second!;
  return seconds * 1e6 + Math.round(Number((match[7] ?? '').padEnd(9, '0')) / 1000);
}

function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const [nextYear, nextMonth] = month === 12 ? [year + 1, 1] : [year, month + 1];
  return day <= daysSince1970(nextYear, nextMonth, 1) - daysSince1970(year, month, 1);
}

/** Source: H. Hinnant, `days_from_civil`, https://howardhinnant.github.io/date_algorithms.html. */
function daysSince1970(year: number, month: number, day: number): number {
  // The year begins in March, so that the leap day is its last.
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}
