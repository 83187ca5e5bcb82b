import { existsSync, readFileSync } from 'node:fs';
import type { Scenario } from '../../sim/experiment/scenario';
import { scenarioFaults } from '../../sim/experiment/scenario-faults';
import { SCENARIOS } from '../../sim/scenarios';
import { UsageError } from '../usage';

/** One that comes with the package, by name, or a JSON file. @throws UsageError, Error that lists every fault */
export function readScenario(nameOrPath: string): Scenario {
  const known = Object.hasOwn(SCENARIOS, nameOrPath) ? SCENARIOS[nameOrPath] : undefined;
  if (known) return known;
  if (!existsSync(nameOrPath)) {
    throw new UsageError(
      `there is no scenario ${nameOrPath}: name a JSON file, or one of ${Object.keys(SCENARIOS).join(', ')}`,
    );
  }
  let scenario: unknown;
  try {
    scenario = JSON.parse(readFileSync(nameOrPath, 'utf8'));
  } catch (error) {
    throw new Error(`${nameOrPath} is no JSON: ${(error as Error).message}`, { cause: error });
  }
  const faults = [...scenarioFaults(scenario)];
  if (faults.length > 0) throw new Error(`${nameOrPath}:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  return scenario as Scenario;
}
