import { UsageError } from '../usage';

/** `p95=8s`, `p95=800ms`: in milliseconds. @throws UsageError */
export function readObjective(text: string): number {
  const match = /^p95=(\d+(?:\.\d+)?)(ms|s)$/.exec(text);
  const ms = match ? Number(match[1]) * (match[2] === 's' ? 1000 : 1) : 0;
  if (ms > 0) return ms;
  throw new UsageError(`--objective must be a time such as p95=8s or p95=800ms, got: ${text}`);
}
