import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Refused } from '../../../core/admission';
import type { RuntimeConfig, RuntimeTenantLimits } from '../../../core/api/config-variable';
import { MAX_RETRY_AFTER_SECONDS } from '../../../core/api/headers';
import type { Graph } from '../../../core/graph/graph';
import type { Clock } from '../../../core/run/call';
import { logUnchecked } from '../../telemetry/log';
import { publishAdmission } from '../../telemetry/metrics';
import { Problem } from '../problem';
import { type Entrance, Gate } from './gate';
import { limitedTenant } from './limits-of';
import { TenantTable } from './tenant-table';

/** DynamoDB answers in milliseconds, over a new connection in some hundred of them: what takes longer is not worth a caller's time. */
const TIMEOUT_MS = 500;

/** While a table fails, each run is counted: to say why so often is enough. */
const LOG_EVERY_MS = 300_000;

/** The gate of a process, kept for as long as its table stays the same. */
export class Admissions {
  readonly #nowMs: () => number;
  readonly #clock: Clock;
  #table: string | undefined;
  #gate: Gate | undefined;
  #loggedAtMs = -Infinity;

  /** @param nowMs milliseconds since 1970 */
  constructor(nowMs: () => number, clock: Clock) {
    this.#nowMs = nowMs;
    this.#clock = clock;
  }

  /** While the function starts, so that its first run finds the client there. */
  prepare({ tenantLimits }: RuntimeConfig): void {
    if (tenantLimits) this.#gateTo(tenantLimits);
  }

  /**
   * Lets a run of the event's tenant begin.
   *
   * @returns what to do when it has ended; undefined if tenants have no limits
   * @throws Problem if its tenant has no room
   */
  async enter(
    { tenantLimits }: RuntimeConfig,
    { name }: Graph,
    event: APIGatewayProxyEvent,
    deadlineMs: number,
    runId: string,
  ): Promise<Entrance | undefined> {
    if (!tenantLimits) return undefined;
    const { key, limits } = limitedTenant(event, tenantLimits);
    const verdict = await this.#gateTo(tenantLimits).enter(key, limits, deadlineMs);
    if (!verdict.isAdmitted) {
      publishAdmission(name, 'RefusedRequests');
      throw refusal(verdict, runId);
    }
    if (!verdict.isChecked) {
      publishAdmission(name, 'UncheckedRequests');
      this.#log(name, verdict.fault);
    }
    return verdict;
  }

  #log(agent: string, fault = 'unknown'): void {
    const now = this.#clock.now();
    if (now - this.#loggedAtMs < LOG_EVERY_MS) return;
    this.#loggedAtMs = now;
    logUnchecked(agent, fault);
  }

  #gateTo({ table }: RuntimeTenantLimits): Gate {
    if (this.#gate && table === this.#table) return this.#gate;
    this.#table = table;
    const [nowMs, clock] = [this.#nowMs, this.#clock];
    this.#gate = new Gate({ store: new TenantTable(table), nowMs, clock, timeoutMs: TIMEOUT_MS });
    return this.#gate;
  }
}

function refusal({ limit, retryAfterMs, reason }: Refused, runId: string): Problem {
  const retryAfterSeconds = Math.min(Math.max(1, Math.ceil(retryAfterMs / 1_000)), MAX_RETRY_AFTER_SECONDS);
  const detail = `${reason}: ask again in ${retryAfterSeconds} s`;
  return new Problem('tenant-limit', detail, { runId, limit, retryAfterSeconds });
}
