import { ApiKey, type IApiKey, type RestApi, UsagePlan } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { type Report, show } from '../../private/checks';
import type { ApiTenant } from '../api-authorization';
import { checkCount, checkThrottling } from './api-throttling';

/** Three resources each, of the 500 of a stack (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html). */
const MAX_TENANTS = 100;

const TENANT_NAME = /^[A-Za-z][\w-]{0,63}$/;

export function checkTenants(tenants: readonly ApiTenant[], report: Report): void {
  if (tenants.length === 0) report('api/no-tenants', 'authorization.tenants', 'is empty: nobody could call the API');
  if (tenants.length > MAX_TENANTS) {
    const remedy = 'give the others keys and usage plans of api.restApi.deploymentStage in stacks of their own';
    const found = `${tenants.length} tenants, which one stack has no room for beyond ${MAX_TENANTS}`;
    report('api/too-many-tenants', 'authorization.tenants', `has ${found}: ${remedy}`);
  }
  const names = new Set<string>();
  tenants.forEach((tenant, i) => {
    const at = `authorization.tenants[${i}]`;
    const { name, throttling, quota } = tenant;
    if (!TENANT_NAME.test(name)) {
      const rule = 'must be a letter, then up to 63 letters, digits, "_" or "-"';
      report('api/bad-tenant-name', `${at}.name`, `${rule}, got: ${show(name)}`);
    }
    if (names.has(name)) {
      report('api/duplicate-tenant', `${at}.name`, `two tenants are named ${show(name)}: rename one of them`);
    }
    names.add(name);
    checkThrottling(`${at}.throttling`, throttling, report);
    if (quota) checkCount('api/bad-quota', `${at}.quota.limit`, quota.limit, report);
  });
}

/**
 * Gives each tenant a key and a usage plan.
 *
 * @param keyValueOf the value of a tenant's key; API Gateway makes one up if that is left out
 */
export function addTenants(
  scope: Construct,
  api: RestApi,
  tenants: readonly ApiTenant[],
  keyValueOf?: (tenant: string) => string,
): Readonly<Record<string, IApiKey>> {
  const parent = new Construct(scope, 'Tenants');
  return Object.fromEntries(
    tenants.map(({ name, throttling, quota }) => {
      const tenant = new Construct(parent, name);
      const value = keyValueOf && { value: keyValueOf(name) };
      const key = new ApiKey(tenant, 'Key', { description: `Tenant ${name}`, ...value });
      const plan = new UsagePlan(tenant, 'Plan', {
        description: `Tenant ${name}`,
        apiStages: [{ stage: api.deploymentStage }],
        throttle: throttling,
        ...(quota && { quota }),
      });
      plan.addApiKey(key);
      return [name, key];
    }),
  );
}
