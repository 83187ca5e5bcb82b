import { createHash } from 'node:crypto';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { TenantLimits } from '../../../core/admission';
import type { RuntimeTenantLimits } from '../../../core/api/config-variable';
import { tenantOf } from '../tenant';

/** A tenant as the gate knows it. */
export interface LimitedTenant {
  /** Says nothing of who it is: the table is no list of an agent's users. */
  readonly key: string;
  readonly limits: TenantLimits;
}

/** Callers who name nobody are one tenant, however many they are: a limit that they could leave by saying nothing is none. */
const NAMELESS = 'nobody';

export function limitedTenant(event: APIGatewayProxyEvent, { limits, overrides }: RuntimeTenantLimits): LimitedTenant {
  const { tenant = NAMELESS } = tenantOf(event, NAMELESS, roleOf);
  const name: unknown = event.requestContext?.authorizer?.tenant;
  const own = typeof name === 'string' && overrides && Object.hasOwn(overrides, name) ? overrides[name] : undefined;
  return { key: createHash('sha256').update(tenant).digest('base64url'), limits: { ...limits, ...own } };
}

/** Whoever takes on a role names the session as they like: a limit of a session could be left by another name. */
function roleOf(userArn: string): string {
  return userArn.replace(/^(arn:[\w-]+:sts::\d+:assumed-role\/[^/]+)\/.*$/, '$1');
}
