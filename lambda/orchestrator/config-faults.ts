import type { RunRate, TenantLimits } from '../../core/admission';
import { RUN_RECORD_LEVELS, type RuntimeTenantLimits, type RuntimeWarming } from '../../core/api/config-variable';
import { bindingFaults } from '../../core/graph/binding-faults';
import {
  type Check,
  checkOf,
  each,
  type Fields,
  isObject,
  name,
  objectFaults,
  optional,
} from '../../core/graph/field-faults';
import { count, positive } from '../../core/graph/rules';
import { show } from '../../core/graph/show';

const RATE: Fields<RunRate> = { rateLimit: checkOf(positive('runs a second')), burstLimit: checkOf(count) };
const rate: Check = (at, value) => objectFaults(at, value, RATE);
const LIMITS: Fields<TenantLimits> = { concurrency: optional(checkOf(count)), throttling: optional(rate) };
const limits: Check = (at, value) => objectFaults(at, value, LIMITS);
const TENANT_LIMITS: Fields<RuntimeTenantLimits> = { table: name, limits, overrides: optional(each(limits)) };

const WARMING: Fields<RuntimeWarming> = { table: name, functionName: name, components: each(name) };

/** What is wrong with a configuration, field by field. */
export function* configFaults(config: unknown): Iterable<string> {
  if (!isObject(config)) return yield 'must be an object';
  const { bindings, deadlineMs, runRecords, warming, tenantLimits } = config;
  if (deadlineMs !== undefined && !(typeof deadlineMs === 'number' && deadlineMs > 0)) {
    yield `deadlineMs must be a positive number, got: ${show(deadlineMs)}`;
  }
  if (runRecords !== undefined && !RUN_RECORD_LEVELS.some((level) => level === runRecords)) {
    yield `runRecords must be one of ${RUN_RECORD_LEVELS.join(', ')}, got: ${show(runRecords)}`;
  }
  if (warming !== undefined) yield* objectFaults('warming', warming, WARMING);
  if (tenantLimits !== undefined) yield* objectFaults('tenantLimits', tenantLimits, TENANT_LIMITS);
  if (!isObject(bindings)) return yield 'bindings must be an object with a binding for each component';
  for (const [component, binding] of Object.entries(bindings)) yield* bindingFaults(`bindings.${component}`, binding);
}
