import { checkCount, checkDurations, checkFunction, checkKeys, checkName, checkSchema } from './checks';
import type { Component } from './component';
import { type GraphDefinition, NODE_OPTIONS, type NodeDefinition, type RetryPolicy } from './definition';
import { GraphError, type GraphFault } from './errors';
import { show } from './show';

/** @throws GraphError that lists every fault. */
export function assertValid(definition: GraphDefinition): void {
  const faults = [...findFaults(definition)];
  if (faults.length > 0) throw new GraphError(definition.name, faults);
}

/** Everything that is wrong with a definition, in the order of its nodes. */
export function* findFaults(definition: GraphDefinition): Iterable<GraphFault> {
  const { name, input, output, timeout, retry, nodes, result } = definition;
  yield* checkName('name', name);
  yield* checkSchema('input', input);
  if (output !== undefined) yield* checkSchema('output', output);
  yield* checkDurations('timeout', timeout, ['totalMs', ...NODE_TIMEOUTS]);
  yield* checkRetry('retry', retry);

  const seen: Seen = { nodes: new Set(), components: new Map(), all: new Set(nodes.map(({ id }) => id)) };
  for (const node of nodes) {
    yield* checkNode(node, seen);
    seen.nodes.add(node.id);
  }

  yield* checkFunction('output', result.run);
  yield* checkNeeds('output.needs', result.needs, seen);
  yield* checkUse(definition);
}

/** What the check has met so far. */
interface Seen {
  readonly nodes: Set<string>;
  readonly components: Map<string, Component>;
  /** Ids of all nodes, also of those still to come. */
  readonly all: ReadonlySet<string>;
}

const NODE_TIMEOUTS = ['nodeMs', 'firstChunkMs', 'idleMs'];

function* checkNode(node: NodeDefinition, seen: Seen): Iterable<GraphFault> {
  const path = String(node.id);
  yield* checkName(path, node.id);
  if (node.id === 'input') yield { path, message: 'is taken by the input of the run: choose another id' };
  if (seen.nodes.has(node.id)) yield { path, message: 'is defined twice: give each node an id of its own' };

  yield* checkNeeds(`${path}.needs`, node.needs, seen);
  const { kind, id: _, needs: __, ...options } = node;
  yield* checkKeys(path, options, NODE_OPTIONS[kind]);
  if (node.when !== undefined) yield* checkFunction(`${path}.when`, node.when);
  yield* checkDurations(`${path}.timeout`, node.timeout, NODE_TIMEOUTS);
  yield* checkRetry(`${path}.retry`, node.retry);

  if (node.kind === 'compute') {
    yield* checkFunction(`${path}.run`, node.run);
    return;
  }
  yield* checkFunction(`${path}.input`, node.input);
  yield* checkComponent(`${path}.call`, node.call, seen.components);
  if (node.kind === 'map') {
    yield* checkFunction(`${path}.over`, node.over);
    yield* checkCount(`${path}.concurrency`, node.concurrency);
  }
}

function* checkNeeds(path: string, needs: readonly string[], seen: Seen): Iterable<GraphFault> {
  if (!Array.isArray(needs)) {
    yield { path, message: `must be a list of node ids, got: ${show(needs)}` };
    return;
  }
  const listed = new Set<string>();
  for (const [i, need] of needs.entries()) {
    const fault = (message: string): GraphFault => ({ path: `${path}[${i}]`, message });
    if (listed.has(need)) yield fault(`${show(need)} is listed twice`);
    else if (need === 'input') yield fault('the input of the run is always there: leave it out');
    else if (!seen.all.has(need)) yield fault(`no node is named ${show(need)}`);
    else if (!seen.nodes.has(need)) yield fault(`${show(need)} is not defined before this node: move it up`);
    listed.add(need);
  }
}

function* checkComponent(path: string, component: Component, known: Map<string, Component>): Iterable<GraphFault> {
  if (typeof component?.name !== 'string') {
    yield { path, message: `must be a component made by model(), retriever() or tool(), got: ${show(component)}` };
    return;
  }
  const namesake = known.get(component.name);
  if (namesake === component) return;
  if (namesake) {
    yield { path, message: `another component is named ${show(component.name)}: share one object or rename it` };
    return;
  }
  known.set(component.name, component);

  yield* checkName(path, component.name);
  yield* checkCount(`${path}.concurrency`, component.concurrency);
  if (component.input !== undefined) yield* checkSchema(`${path}.input`, component.input);
  if (component.output !== undefined) yield* checkSchema(`${path}.output`, component.output);
}

function* checkRetry(path: string, retry: RetryPolicy | undefined): Iterable<GraphFault> {
  if (retry === undefined) return;
  const { attempts, ...durations } = retry;
  yield* checkCount(`${path}.attempts`, attempts);
  yield* checkDurations(path, durations, ['baseMs', 'capMs']);
}

/** Work that nothing reads is a mistake, or an effect that the output should wait for. */
function* checkUse({ nodes, result }: GraphDefinition): Iterable<GraphFault> {
  const needed = new Set([...nodes.flatMap(({ needs }) => needs), ...result.needs]);
  for (const { id } of nodes) {
    if (!needed.has(id)) yield { path: id, message: 'is needed by nothing: let the output need it, or remove it' };
  }
}
