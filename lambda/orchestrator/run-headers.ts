import type { RunRecord } from '../../core/run/record';
import { shownNames } from '../telemetry/shown-names';

/** API Gateway allows 10 KB of headers in all (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html). */
const MAX_NODES = 50;

/** Id, cost, share of copies and timings of a run. `server-timing` has the total, the engine's share and the nodes that decided the total. */
export function runHeaders(runId: string, record: RunRecord): Record<string, string> {
  const shown = shownNames(record);
  const timings = [
    timing('total', record.wallMs),
    timing('overhead', record.overheadMs),
    ...record.criticalPath.slice(-MAX_NODES).map((id) => {
      const { startMs, endMs } = record.nodes[id]!;
      return timing(shown(id), endMs - startMs);
    }),
  ];
  return {
    'compound-run-id': runId,
    'compound-cost-usd': record.costUsd.toFixed(6),
    ...(record.copySeconds !== undefined && { 'compound-copy-seconds': record.copySeconds.toFixed(3) }),
    'server-timing': timings.join(', '),
  };
}

/** A name has neither slash nor colon, which the tasks of plans have. @see https://www.w3.org/TR/server-timing/ */
function timing(name: string, ms: number): string {
  return `${name.replaceAll(/[/:]/g, '.')};dur=${ms.toFixed(1)}`;
}
