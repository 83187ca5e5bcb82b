import { Graph } from '../core/graph';
import type { LocalSystem } from '../local';
import { exampleModules, loadModule } from './modules';
import { UsageError } from './usage';

/** The systems that the modules export, those of the examples if none is named. @throws UsageError */
export function loadSystems(modules: readonly string[]): LocalSystem[] {
  return (modules.length > 0 ? modules : exampleModules()).map((path) => {
    const system = loadModule(path).default as LocalSystem | undefined;
    if (!(system?.graph instanceof Graph)) {
      throw new UsageError(`${path} has no local system: export default localSystem({ graph, components })`);
    }
    return system;
  });
}
