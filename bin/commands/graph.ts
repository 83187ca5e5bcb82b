import { Graph } from '../../core/graph';
import { loadModule } from '../modules';
import { readArguments, UsageError } from '../usage';

/** Prints the graphs that a module exports: as a Mermaid picture, or as JSON. */
export async function graph(args: string[]): Promise<void> {
  const { positionals, values } = readArguments({
    args,
    allowPositionals: true,
    options: { mermaid: { type: 'boolean' }, json: { type: 'boolean' } },
  });
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) throw new UsageError('name one module: compound graph <module>');
  if (values.json && values.mermaid) throw new UsageError('choose one of --mermaid and --json');

  const exported = new Set(Object.values(loadModule(path)));
  const graphs = [...exported].filter((value) => value instanceof Graph);
  if (graphs.length === 0) throw new UsageError(`${path} exports no graph`);
  const text = values.json
    ? JSON.stringify(graphs.length === 1 ? graphs[0]!.describe() : graphs.map((g) => g.describe()), null, 2)
    : graphs.map((g) => g.toMermaid().trimEnd()).join('\n\n');
  process.stdout.write(`${text}\n`);
}
