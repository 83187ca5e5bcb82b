import { Graph } from '../../core/graph';
import { loadModule } from '../modules';
import { UsageError } from '../usage';

/** The graph that a module exports, or of several the one of that name. @throws UsageError */
export function chooseGraph(path: string, agent: string | undefined): Graph {
  const graphs = [...new Set(Object.values(loadModule(path)))].filter((value) => value instanceof Graph);
  if (graphs.length === 0) throw new UsageError(`${path} exports no graph`);
  const names = graphs.map(({ name }) => name).join(', ');
  if (agent === undefined) {
    if (graphs.length === 1) return graphs[0]!;
    throw new UsageError(`${path} exports several graphs, choose one with --agent: ${names}`);
  }
  const chosen = graphs.find(({ name }) => name === agent);
  if (chosen) return chosen;
  throw new UsageError(`${path} exports no graph ${agent}; it exports: ${names}`);
}
