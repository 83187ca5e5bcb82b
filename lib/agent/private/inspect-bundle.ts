import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Graph } from '../../../core/graph/graph';

/**
 * Loads the bundle of an agent as Lambda will, and checks that it serves the graph that the deployment provides for.
 *
 * A handler wrapped by a middleware does not tell what it serves: then only that it is a function is known.
 *
 * @throws Error that names the entry and the remedy
 */
export function inspectBundle(bundle: string, entry: string, graph: Graph): void {
  const handler: unknown = load(bundle, entry).handler;
  if (typeof handler !== 'function') {
    throw new Error(`${entry} exports no function "handler": add "export const handler = serve(${graph.name})"`);
  }
  if (!servesAgents(handler)) return;
  const served = handler.agents.find(({ name }) => name === graph.name);
  if (!served) {
    const names = handler.agents.map(({ name }) => JSON.stringify(name)).join(', ');
    throw new Error(
      `the handler of ${entry} serves ${names}, not the graph ${JSON.stringify(graph.name)} of the agent`,
    );
  }
  if (JSON.stringify(served.describe()) !== JSON.stringify(graph.describe())) {
    throw new Error(
      `the handler of ${entry} serves another graph named ${JSON.stringify(graph.name)} than the agent is given: pass the one that the module serves`,
    );
  }
}

function load(bundle: string, entry: string): { readonly handler?: unknown } {
  // Lambda reads it as CommonJS; here the app may be a package of ES modules, whose `.js` files are not.
  const folder = mkdtempSync(join(tmpdir(), 'agent-'));
  const copy = join(folder, 'index.cjs');
  try {
    copyFileSync(bundle, copy);
    return require(copy);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${entry} cannot be loaded as Lambda would load it: ${reason}`, { cause });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function servesAgents(handler: object): handler is { readonly agents: readonly Graph[] } {
  return 'agents' in handler && Array.isArray(handler.agents);
}
