import { Graph } from '../core/graph';
import type { LocalSystem } from '../local';
import { exampleModules, loadModule } from './modules';
import { UsageError } from './usage';

/** The systems that the modules export, those of the examples if none is named. @throws UsageError */
export function loadSystems(modules: readonly string[]): LocalSystem[] {
  const paths = modules.length > 0 ? modules : exampleModules();
  if (paths.length === 0) throw new UsageError('name a module with a local system: compound local agents/support.ts');
  return paths.map((path) => {
    const system = loadModule(path).default as LocalSystem | undefined;
    if (!(system?.graph instanceof Graph)) {
      throw new UsageError(`${path} has no local system: export default localSystem({ graph, components })`);
    }
    return system;
  });
}
