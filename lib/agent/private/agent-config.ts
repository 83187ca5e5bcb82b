import type { Construct } from 'constructs';
import {
  CONFIG_VARIABLE,
  type RunRecordLevel,
  type RuntimeConfig,
  type RuntimeTenantLimits,
} from '../../../core/api/config-variable';
import type { Bindings } from '../../../core/graph/binding';
import { FunctionConfig } from '../../private/function-config';

/** What a deployment adds to a graph. */
export interface AgentConfigProps {
  /** Where the components run, by name; may hold tokens. */
  readonly bindings: Bindings;
  readonly deadlineMs: number;
  /** @default 'all' */
  readonly runRecords?: RunRecordLevel;
  /** @default - tenants have none */
  readonly tenantLimits?: RuntimeTenantLimits;
  /**
   * The other variables of the function, with which it shares the environment; may hold tokens.
   *
   * @default - none
   */
  readonly reserved?: Readonly<Record<string, string>>;
}

/** The configuration of an agent's function. */
export class AgentConfig extends FunctionConfig<RuntimeConfig> {
  constructor(scope: Construct, id: string, props: AgentConfigProps) {
    const { bindings, deadlineMs, runRecords, tenantLimits, reserved = {} } = props;
    super(scope, id, {
      variable: CONFIG_VARIABLE,
      config: { deadlineMs, bindings, ...(runRecords && { runRecords }), ...(tenantLimits && { tenantLimits }) },
      description: 'Where the components of an agent run',
      faultPrefix: 'agent',
      reserved,
    });
  }
}
