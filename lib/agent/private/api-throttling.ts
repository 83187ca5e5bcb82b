import { known, type Report, show } from '../../private/checks';
import type { ApiThrottling } from '../api-authorization';

export function checkThrottling(field: string, throttling: ApiThrottling, report: Report): void {
  const { rateLimit, burstLimit } = throttling;
  const rate = known(rateLimit);
  if (rate !== undefined && !(rate > 0 && rate < Infinity)) {
    report(
      'api/bad-throttling',
      `${field}.rateLimit`,
      `must be a number of requests a second above 0, got: ${show(rate)}`,
    );
  }
  checkCount('api/bad-throttling', `${field}.burstLimit`, burstLimit, report);
}

export function checkCount(id: string, field: string, count: number, report: Report): void {
  const value = known(count);
  if (value !== undefined && !(Number.isInteger(value) && value >= 1)) {
    report(id, field, `must be a whole number of requests from 1, got: ${show(value)}`);
  }
}
