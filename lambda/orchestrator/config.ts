import { CONFIG_VARIABLE, type RuntimeConfig } from '../../core/api/config-variable';
import { ConfigError } from '../config/config-error';
import { type ConfigKind, readConfig as readConfigOf } from '../config/read-config';
import { configFaults } from './config-faults';

/** A component that cannot be called as it is bound. The message says no more than the description of the agent: callers may see it. */
export class BindingError extends ConfigError {
  override readonly name = 'BindingError';
}

const BINDINGS: ConfigKind = { variable: CONFIG_VARIABLE, what: 'the bindings', faults: configFaults };

/**
 * At once, unless it comes over the network.
 *
 * @throws ConfigError
 */
export function readConfig(source: string | undefined): RuntimeConfig | Promise<RuntimeConfig> {
  return readConfigOf(BINDINGS, source);
}
