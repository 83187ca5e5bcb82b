import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GraphDescription } from '../../../core/graph/describe';
import type { Graph } from '../../../core/graph/graph';
import { type Report, show } from '../../private/checks';

export interface BundleInspection {
  readonly bundle: string;
  /** The module that was bundled, for messages. */
  readonly entry: string;
  /** What the function serves if all is well. */
  readonly graph: Graph;
  /** As the function will have it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Modules that are not in the bundle and may be missing here. */
  readonly externalModules: readonly string[];
}

/** What a process found that loaded a bundle. */
type Finding =
  | { readonly error: string }
  | {
      readonly hasHandler: boolean;
      /** Whether Lambda takes the handler for one whose answers stream. */
      readonly isStreaming: boolean;
      /** Undefined for a handler that a middleware wraps: it does not tell what it serves. */
      readonly agents?: readonly GraphDescription[];
    };

/** Checks that a bundle loads as Lambda will load it, and serves the graph that the deployment provides for. */
export function inspectBundle(inspection: BundleInspection, report: Report): void {
  const { entry, graph, externalModules } = inspection;
  const finding = load(inspection);
  if ('error' in finding) {
    if (externalModules.some((name) => finding.error.startsWith(`Cannot find module '${name}`))) return;
    report('agent/entry-load', 'entry', `${entry} cannot be loaded as Lambda would load it: ${finding.error}`);
    return;
  }
  if (!finding.hasHandler) {
    report('agent/entry-handler', 'entry', `${entry} exports no function "handler": export serve(...) of its graph`);
    return;
  }
  checkStreaming(finding.isStreaming, inspection, report);
  if (!finding.agents) return;
  const served = finding.agents.find(({ name }) => name === graph.name);
  if (!served) {
    const names = finding.agents.map(({ name }) => show(name)).join(', ');
    report('agent/entry-graph', 'entry', `the handler of ${entry} serves ${names}, not the graph ${show(graph.name)}`);
  } else if (JSON.stringify(served) !== JSON.stringify(graph.describe())) {
    const message = `the handler of ${entry} serves another graph named ${show(graph.name)} than the one given`;
    report('agent/entry-graph', 'entry', `${message}: pass the one that it serves`);
  }
}

/** The API passes answers on in the way that the graph asks for, and fails if the function sends them in the other. */
function checkStreaming(isStreaming: boolean, { entry, graph }: BundleInspection, report: Report): void {
  const streams = graph.streams();
  if (isStreaming === streams.length > 0) return;
  report(
    'agent/entry-stream',
    'entry',
    isStreaming
      ? `the handler of ${entry} streams, and the graph ${show(graph.name)} does not: serve it in a module of its own, without the graphs that do`
      : `the graph ${show(graph.name)} streams ${streams.join(', ')}, and the handler of ${entry} does not: export serve(...) itself, or wrap it in awslambda.streamifyResponse(...)`,
  );
}

/** Its finding goes into a file: a module may print while it loads. */
const LOADER = `
const { writeFileSync } = require('node:fs');
const [bundle, finding] = process.argv.slice(1);
try {
  const { handler } = require(bundle);
  const agents = Array.isArray(handler?.agents) ? handler.agents.map((agent) => agent.describe()) : undefined;
  const isStreaming = handler?.[Symbol.for('aws.lambda.runtime.handler.streaming')] === 'response';
  writeFileSync(finding, JSON.stringify({ hasHandler: typeof handler === 'function', isStreaming, agents }));
} catch (error) {
  writeFileSync(finding, JSON.stringify({ error: String(error?.message ?? error).split('\\n')[0] }));
}
process.exit();
`;

/** Not in this process, whose credentials and variables the module must not see: Lambda has others. */
function load({ bundle, environment }: BundleInspection): Finding {
  const folder = mkdtempSync(join(tmpdir(), 'agent-inspection-'));
  const finding = join(folder, 'finding.json');
  try {
    const { PATH = '', SystemRoot = '' } = process.env;
    const env = { PATH, SystemRoot, AWS_REGION: 'us-east-1', ...environment };
    const { stderr } = spawnSync(process.execPath, ['-e', LOADER, bundle, finding], { env, encoding: 'utf8' });
    return JSON.parse(readOr(finding, JSON.stringify({ error: stderr.trim() || 'it ended the process' })));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function readOr(file: string, fallback: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return fallback;
  }
}
