import type { ChatInput, ChatMessage } from '../../graph/chat';
import type { Component } from '../../graph/component';
import { PLAN_LIMITS, type PlanNode } from '../../graph/planned';
import { type JsonSchema, toJsonSchema } from '../../graph/schema';

type Json = Readonly<Record<string, unknown>>;

const REFERENCE = {
  type: 'object',
  properties: { $from: { type: 'string' } },
  required: ['$from'],
  additionalProperties: false,
};
const TEXT = {
  type: 'object',
  properties: { $text: { type: 'array', items: { anyOf: [{ type: 'string' }, REFERENCE] } } },
  required: ['$text'],
  additionalProperties: false,
};

/** The form of a plan over these tools, as JSON Schema (draft 2020-12): for planners that can be held to one. */
export function planSchema({ tools, limits, replans = 0 }: Pick<PlanNode, 'tools' | 'limits' | 'replans'>): Json {
  return {
    type: 'object',
    properties: {
      tasks: { type: 'array', maxItems: limits?.tasks ?? PLAN_LIMITS.tasks, items: { anyOf: tools.map(taskSchema) } },
      output: {},
      ...(replans > 0 && { replan: { const: true } }),
    },
    required: ['tasks'],
    additionalProperties: false,
  };
}

function taskSchema(tool: Component): Json {
  return {
    type: 'object',
    properties: {
      id: { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_-]{0,63}$' },
      tool: { const: tool.name },
      input: withReferences(inputSchema(tool)),
      needs: { type: 'array', items: { type: 'string' } },
    },
    required: ['id', 'tool', 'input'],
    additionalProperties: false,
  };
}

/** A chat model takes what it is asked. */
function inputSchema(tool: Component): JsonSchema {
  return tool.input ? toJsonSchema(tool.input, 'input') : { type: 'string' };
}

function outputSchema(tool: Component): JsonSchema {
  if (tool.output || tool.input) return toJsonSchema(tool.output, 'output');
  return { type: 'object', properties: { text: { type: 'string' } } };
}

/** Anything may be a reference instead. A schema that refers to parts of itself says nothing away from its root. */
function withReferences(schema: unknown): unknown {
  if (schema === true || JSON.stringify(schema).includes('"$ref"')) return {};
  return { anyOf: [inner(schema as Json), REFERENCE, TEXT] };
}

function inner(schema: Json): Json {
  const { properties, items } = schema as { readonly properties?: Json; readonly items?: unknown };
  return {
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([field, part]) => [field, withReferences(part)])),
    }),
    ...(typeof items === 'object' && items !== null && { items: withReferences(items) }),
  };
}

type Told = Pick<PlanNode, 'tools' | 'limits' | 'replans' | 'output'>;

/** By node: they are the same for all its runs, and the schemas take a while to make. */
const made = new WeakMap<Told, string>();

/** What a planner is told of how to plan, and with which tools. */
export function planInstructions(node: Told): string {
  const known = made.get(node) ?? instructionsOf(node);
  made.set(node, known);
  return known;
}

function instructionsOf(node: Told): string {
  const { tasks, depth, fanOut } = { ...PLAN_LIMITS, ...node.limits };
  const known = node.tools.map((tool) => ({
    tool: tool.name,
    input: inputSchema(tool),
    output: outputSchema(tool),
  }));
  const lines = [
    'You plan which tools are called, and with what. Answer with one JSON object and nothing else, such as',
    '{"tasks": [{"id": "t1", "tool": "<tool>", "input": <input>}, {"id": "t2", "tool": "<tool>", "input": {"<field>": {"$from": "t1.<field>[0]"}}}], "output": {"$from": "t2"}}',
    '- Each task calls one tool. A task starts as soon as it is written and the tasks that it refers to have ended, so write first what others wait for, and let tasks depend on each other only where they must.',
    '- {"$from": "t1.<field>[<index>]"} in place of any value stands for that part of the result of task t1, {"$from": "t1"} for all of it. Only tasks that are written before can be referred to.',
    '- {"$text": ["<text>", {"$from": "t1.<field>"}]} in place of a text strings its parts together.',
    '- "needs": ["t1"] in a task makes it wait for t1 without a reference.',
    `- At most ${tasks} tasks, at most ${depth} of them one after another, and at most ${fanOut} that refer to the same task or to none.`,
    '- "output" comes last and says what is answered: any JSON value, with references.',
    ...(node.output ? [`- "output" must come to: ${JSON.stringify(toJsonSchema(node.output, 'input'))}`] : []),
    ...((node.replans ?? 0) > 0
      ? [
          '- If you must see results before you can go on, write "replan": true in place of "output": you are asked again.',
        ]
      : []),
    `The tools, with the JSON Schema of what they take and answer:\n${JSON.stringify(known)}`,
  ];
  return lines.join('\n');
}

/** The author's request, after the instructions; a system message of its own joins them. */
export function withInstructions(request: ChatInput, instructions: string): { messages: ChatMessage[] } {
  const { messages, ...rest } =
    typeof request === 'string' ? { messages: [{ role: 'user' as const, content: request }] } : request;
  const own = messages[0]?.role === 'system' ? `\n\n${messages[0].content}` : '';
  const others = own ? messages.slice(1) : messages;
  return { ...rest, messages: [{ role: 'system', content: instructions + own }, ...others] };
}
