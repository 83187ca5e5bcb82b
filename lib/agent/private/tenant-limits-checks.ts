import type { IConstruct } from 'constructs';
import { MAX_CONCURRENCY } from '../../../core/admission';
import { known, type Report, show, warn } from '../../private/checks';
import type { IAgent } from '../agent-ref';
import type { TenantAllowance, TenantLimits } from '../tenant-limits';
import { checkThrottling } from './api-throttling';

/** So many fit into the configuration of a function beside its bindings. */
const MAX_OVERRIDES = 200;

export function checkTenantLimits(limits: TenantLimits, report: Report): void {
  const { overrides = {}, ...common } = limits;
  const names = Object.keys(overrides);
  if (isEmpty(common) && names.length === 0) {
    const remedy = 'give it "concurrency" or "throttling", or leave it out';
    report('agent/no-tenant-limits', 'tenantLimits', `limits nothing: ${remedy}`);
  }
  checkAllowance('tenantLimits', common, report);
  if (names.length > MAX_OVERRIDES) {
    const message = `must be at most ${MAX_OVERRIDES} tenants, got: ${names.length}; let the others share what all have`;
    report('agent/too-many-tenants', 'tenantLimits.overrides', message);
  }
  for (const [name, allowance] of Object.entries(overrides)) {
    const field = `tenantLimits.overrides.${name}`;
    if (isEmpty(allowance)) {
      const message = 'is no different from the other tenants: give it "concurrency" or "throttling", or leave it out';
      report('agent/no-tenant-limits', field, message);
    }
    checkAllowance(field, allowance, report);
  }
}

/** Tells of agents whose overrides go by names that no caller of an API has. */
export function warnOfOverrides(api: IConstruct, agents: readonly IAgent[]): void {
  const names = agents.flatMap(({ graph, tenantLimits }) => (tenantLimits?.overrides ? [graph.name] : []));
  if (names.length === 0) return;
  warn(
    api,
    'api/overrides-without-names',
    'overrides of tenantLimits have no effect for callers of this API, whose authorization names no tenants: ' +
      `${names.join(', ')}; use jwt({ tenantClaim }), or leave the overrides out`,
  );
}

function isEmpty({ concurrency, throttling }: TenantAllowance): boolean {
  return concurrency === undefined && throttling === undefined;
}

function checkAllowance(field: string, { concurrency, throttling }: TenantAllowance, report: Report): void {
  const runs = known(concurrency);
  if (runs !== undefined && !(Number.isInteger(runs) && runs >= 1 && runs <= MAX_CONCURRENCY)) {
    const message = `must be a whole number of runs from 1 to ${MAX_CONCURRENCY}, got: ${show(runs)}`;
    report('agent/tenant-concurrency', `${field}.concurrency`, message);
  }
  if (!throttling) return;
  // The same rules as those of an API.
  checkThrottling(`${field}.throttling`, throttling, (id, at, message) =>
    report(id.replace(/^api\//, 'agent/'), at, message),
  );
}
