import { ConfigurationError, type ConfigurationFault } from '../../../lib/errors';

/** The faults with which making something is refused. */
export function faultsOf(make: () => unknown): readonly ConfigurationFault[] {
  try {
    make();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.faults;
    throw error;
  }
  return [];
}
