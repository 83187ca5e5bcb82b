import {
  amount,
  anything,
  duration,
  each,
  having,
  IS_LOG_GROUP,
  IS_SECURITY_GROUP,
  IS_VPC,
  list,
  needed,
  oneOf,
  type Shape,
  shaped,
  text,
} from '../../private/shape';
import type { AgentProps } from '../agent';
import type { AgentApiProps } from '../agent-api';
import type { AgentBundling } from '../agent-bundling';
import type { AgentAttributes, AgentObjective } from '../agent-ref';
import type { ApiKeysOptions, ApiQuota, ApiTenant, ApiThrottling } from '../api-authorization';
import { type JwtOptions, JwtUse } from '../jwt-options';
import type { TenantAllowance, TenantLimits } from '../tenant-limits';

const graph = needed(having('a graph, as in graph(...).output(...)', 'definition'));

const OBJECTIVE: Shape<AgentObjective> = { p95: needed(duration), warmLatencies: each(duration) };

const BUNDLING: Shape<AgentBundling> = {
  conditions: list(text),
  externalModules: list(text),
  define: each(text),
  loader: each(text),
  sourceMap: anything,
};

const THROTTLING: Shape<ApiThrottling> = { rateLimit: needed(anything), burstLimit: needed(anything) };

const ALLOWANCE: Shape<TenantAllowance> = { concurrency: anything, throttling: shaped(THROTTLING) };

const TENANT_LIMITS: Shape<TenantLimits> = { ...ALLOWANCE, overrides: each(shaped(ALLOWANCE)) };

export const AGENT: Shape<AgentProps> = {
  graph,
  components: needed(each(anything)),
  entry: text,
  code: having('a Code, as in Code.fromAsset(...)', 'bind'),
  bundling: shaped(BUNDLING),
  deadline: duration,
  objective: shaped(OBJECTIVE),
  tenantLimits: shaped(TENANT_LIMITS),
  memorySize: anything,
  reservedConcurrentExecutions: amount,
  environment: each(text),
  vpc: IS_VPC,
  vpcSubnets: each(anything),
  securityGroups: list(IS_SECURITY_GROUP),
  logGroup: IS_LOG_GROUP,
  runRecords: anything,
};

export const EXISTING_AGENT: Shape<AgentAttributes> = {
  graph,
  functionArn: needed(text),
  deadline: duration,
  objective: shaped(OBJECTIVE),
};

export const API: Shape<AgentApiProps> = {
  agents: needed(list(having('an Agent', 'graph', 'function'))),
  authorization: having('made by ApiAuthorization, as in ApiAuthorization.iam()', 'methodOptions'),
  throttling: shaped(THROTTLING),
  agentThrottling: each(shaped(THROTTLING)),
  validateInput: anything,
  corsOrigin: text,
  webAclArn: text,
  accessLogGroup: IS_LOG_GROUP,
  accountLogRole: anything,
};

const QUOTA: Shape<ApiQuota> = { limit: needed(anything), period: needed(anything) };

const TENANT: Shape<ApiTenant> = {
  name: needed(text),
  throttling: needed(shaped(THROTTLING)),
  quota: shaped(QUOTA),
};

const tenants = list(shaped(TENANT));

export const API_KEYS: Shape<ApiKeysOptions> = { tenants: needed(tenants) };

export const JWT: Shape<JwtOptions> = {
  issuer: needed(text),
  audience: needed(list(text)),
  jwksUri: text,
  tokenUse: oneOf(JwtUse),
  scopes: list(text),
  tenantClaim: text,
  tenants,
  clockTolerance: duration,
  resultsCacheTtl: duration,
};
