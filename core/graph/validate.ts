import { BREAKER_RULES } from './breaker-rules';
import type { Component } from './component';
import type { GraphDefinition, NodeDefinition } from './definition';
import { GraphError, type GraphFault } from './errors';
import { joinNeeds } from './join';
import { joinRule } from './join-rules';
import type { PlanNode } from './planned';
import {
  callback,
  count,
  countFrom0,
  duration,
  fields,
  flag,
  must,
  name,
  optional,
  plainData,
  positive,
  type Report,
  type Rule,
  schema,
  share,
  text,
} from './rules';
import { show } from './show';
import { callerStreams, isStreaming } from './stream';
import { checkTracedContents, nameList } from './traced-contents';

/** @throws GraphError that lists every fault, in the order of the nodes. */
export function assertValid({ nodes, result, ...header }: GraphDefinition): void {
  const faults: GraphFault[] = [];
  const report = (path: string, message: string) => void faults.push({ path, message });
  const seen: Seen = {
    nodes: new Set(),
    components: new Map(),
    all: new Set(nodes.map(({ id }) => id)),
    streaming: new Set(nodes.filter(isStreaming).map(({ id }) => id)),
  };

  HEADER(header, '', report);
  for (const node of nodes) {
    checkNode(node, seen, report);
    seen.nodes.add(node.id);
  }
  checkTracedContents(header.traceContents, new Set(seen.components.keys()), report);
  callback(result.run, 'output', report);
  const listed: readonly string[] | undefined = result.needs;
  const needs = listed ?? [...seen.all];
  if (!listed) report('output.needs', 'must be listed: the output would wait for every branch of a join');
  checkNeeds(needs, 'output.needs', seen, report);

  // Work that nothing reads is a mistake, or an effect that the output should wait for.
  const needed = new Set([...nodes, { needs }].flatMap((each) => each.needs));
  for (const { id } of nodes) {
    if (!needed.has(id)) report(id, 'is needed by nothing: let the output need it, or remove it');
  }
  const read = new Set(nodes.flatMap(({ reads = [] }) => reads));
  for (const { id, kind } of nodes) {
    if (kind !== 'map' || !seen.streaming.has(id) || read.has(id)) continue;
    report(`${id}.stream`, `no node reads it: need streamOf(${show(id)}), or leave it out`);
  }
  if (faults.length === 0) checkChat({ nodes, result, ...header }, report);
  if (faults.length > 0) throw new GraphError(header.name, faults);
}

/** What the check has met so far. */
interface Seen {
  readonly nodes: Set<string>;
  readonly components: Map<string, Component>;
  /** Ids of all nodes, also of those still to come. */
  readonly all: ReadonlySet<string>;
  readonly streaming: ReadonlySet<string>;
}

const NODE_TIMEOUTS = { nodeMs: optional(duration), firstChunkMs: optional(duration), idleMs: optional(duration) };
const RETRY = optional(fields({ attempts: optional(count), baseMs: optional(duration), capMs: optional(duration) }));

const HEADER = fields({
  name,
  description: optional(text),
  input: schema,
  output: optional(schema),
  timeout: optional(fields({ totalMs: optional(duration), ...NODE_TIMEOUTS })),
  retry: RETRY,
  budgetUsd: optional(positive('US dollars')),
  chat: optional(
    fields({
      input: optional(callback),
      text: optional(
        must((value) => typeof value === 'string' || typeof value === 'function', 'a function, or the id of a node'),
      ),
    }),
  ),
  traceContents: optional(nameList),
});

const KINDS = ['model', 'retriever', 'tool'];
const FORMATS = ['openai-chat', 'converse', 'json'];

const COMPONENT = fields({
  kind: must((value) => KINDS.includes(value), `one of ${KINDS.join(', ')}`),
  name,
  format: must(
    (value) => FORMATS.includes(value) || (typeof value?.encode === 'function' && typeof value.decode === 'function'),
    `one of ${FORMATS.join(', ')}, or an object with encode and decode`,
  ),
  concurrency: optional(count),
  hedge: optional(fields({ afterMs: optional(duration), budget: optional(share) })),
  singleFlight: optional(flag),
  cache: optional(fields({ forMs: duration, key: optional(must(isFieldList, 'a list of one or more field names')) })),
  breaker: optional(fields(BREAKER_RULES)),
  input: optional(schema),
  output: optional(schema),
});

function isFieldList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((field) => typeof field === 'string');
}

const COMMON_OPTIONS = {
  when: optional(callback),
  optional: optional(flag),
  default: optional(plainData),
  timeout: optional(fields(NODE_TIMEOUTS)),
};
const CALL_OPTIONS = {
  call: must((value) => typeof value?.name === 'string', 'a component made by model(), retriever() or tool()'),
  input: callback,
};
const OPTIONS: Readonly<Record<NodeDefinition['kind'], Rule>> = {
  call: fields({ ...CALL_OPTIONS, stream: optional(flag), retry: RETRY, ...COMMON_OPTIONS }),
  map: fields({
    over: callback,
    ...CALL_OPTIONS,
    concurrency: optional(count),
    stream: optional(flag),
    retry: RETRY,
    ...COMMON_OPTIONS,
  }),
  compute: fields({ run: callback, stream: optional(flag), ...COMMON_OPTIONS }),
  plan: fields({
    ...CALL_OPTIONS,
    tools: must((value) => Array.isArray(value) && value.length > 0, 'a list of one or more components'),
    output: optional(schema),
    limits: optional(
      fields({
        tasks: optional(count),
        depth: optional(count),
        fanOut: optional(count),
        characters: optional(count),
        costUsd: optional(positive('US dollars')),
      }),
    ),
    repairs: optional(countFrom0),
    replans: optional(countFrom0),
    retry: RETRY,
    ...COMMON_OPTIONS,
  }),
};

function checkNode({ kind, id, needs, join, reads, ...options }: NodeDefinition, seen: Seen, report: Report): void {
  const path = typeof id === 'string' ? id : show(id);
  name(id, path, report);
  if (id === 'input' || id === 'output') report(path, `is taken by the ${id} of the run: choose another id`);
  if (seen.nodes.has(id)) report(path, 'is defined twice: give each node an id of its own');
  checkNeeds(needs, `${path}.needs`, seen, report);
  if (join !== undefined) {
    joinRule(join, `${path}.needs`, report);
    const isSame = Array.isArray(needs) && joinNeeds(join).join() === needs.join();
    if (!isSame) report(`${path}.join`, 'must name what the node needs, in the same order');
  }
  if (reads !== undefined) checkReads(reads, { kind, needs, join }, path, seen, report);
  OPTIONS[kind](options, path, report);
  if ('call' in options && typeof options.call?.name === 'string') {
    checkComponent(options.call, `${path}.call`, seen, report);
    if (kind === 'call' && seen.streaming.has(id) && !isTextModel(options.call)) {
      report(`${path}.stream`, 'needs a chat model without an output schema: only a text can be passed on in parts');
    }
  }
  if (kind === 'plan') checkPlan(options as unknown as PlanNode, path, seen, report);
}

/** What the planner is told of a tool is its schema. */
function checkPlan({ call, tools }: PlanNode, path: string, seen: Seen, report: Report): void {
  if (call && !isTextModel(call)) {
    report(`${path}.call`, 'must be a chat model without an output schema: its text is the plan');
  }
  if (!Array.isArray(tools)) return;
  tools.forEach((tool: Component | undefined, i) => {
    const at = `${path}.tools[${i}]`;
    CALL_OPTIONS.call(tool, at, report);
    if (typeof tool?.name !== 'string') return;
    checkComponent(tool, at, seen, report);
    if (!tool.input && !isChat(tool))
      report(at, 'must have an input schema, from which the planner learns what it takes');
    if (tools.indexOf(tool) < i) report(at, `${show(tool.name)} is listed twice`);
  });
}

/** What is a chat model to callers must say which text answers them. */
function checkChat(definition: GraphDefinition, report: Report): void {
  const { chat, nodes } = definition;
  if (!chat) return;
  if (typeof chat.text === 'string' && !callerStreams(nodes).includes(chat.text)) {
    report('chat.text', `${show(chat.text)} is no node whose text callers can read: give it \`stream: true\``);
  }
}

function isTextModel(component: Component): boolean {
  return isChat(component) && !component.output;
}

function isChat({ format }: Component): boolean {
  return format === 'openai-chat' || format === 'converse';
}

function checkNeeds(needs: readonly string[], path: string, seen: Seen, report: Report): void {
  if (!Array.isArray(needs)) {
    report(path, `must be a list of node ids, got: ${show(needs)}`);
    return;
  }
  const listed = new Set<string>();
  needs.forEach((need, i) => {
    const at = `${path}[${i}]`;
    if (listed.has(need)) report(at, `${show(need)} is listed twice`);
    else if (need === 'input') report(at, 'the input of the run is always there: leave it out');
    else if (!seen.all.has(need)) report(at, `no node is named ${show(need)}`);
    else if (!seen.nodes.has(need)) report(at, `${show(need)} is not defined before this node: move it up`);
    listed.add(need);
  });
}

function checkReads(
  reads: readonly string[],
  { kind, needs, join }: Pick<NodeDefinition, 'kind' | 'needs' | 'join'>,
  path: string,
  { nodes, streaming }: Seen,
  report: Report,
): void {
  if (!Array.isArray(reads)) {
    report(`${path}.reads`, `must be a list of node ids, got: ${show(reads)}`);
    return;
  }
  if (kind === 'call' || kind === 'plan') report(`${path}.reads`, 'only a map or a function can read a stream');
  if (join) report(`${path}.reads`, 'a node with a join waits for its branches: it cannot read them as streams');
  for (const read of reads) {
    if (!needs.includes(read)) report(`${path}.reads`, `${show(read)} must also be a need`);
    else if (nodes.has(read) && !streaming.has(read)) {
      report(`${path}.reads`, `${show(read)} does not stream: give it \`stream: true\``);
    }
  }
}

function checkComponent(component: Component, path: string, { components }: Seen, report: Report): void {
  const known = components.get(component.name);
  if (known === component) return;
  if (known) report(path, `another component is named ${show(component.name)}: share one object or rename it`);
  components.set(component.name, component);
  COMPONENT(component, path, report);
}
