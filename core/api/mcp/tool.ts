import type { Graph } from '../../graph/graph';
import { type JsonSchema, toJsonSchema } from '../../graph/schema';
import { rebase } from '../rebase';

/** An agent as a tool of the Model Context Protocol. */
export interface Tool {
  readonly name: string;
  readonly description?: string;
  /** Of an object: what a tool takes has names. */
  readonly inputSchema: object;
  /** Of what `structuredContent` has; none if the output is no object. */
  readonly outputSchema?: object;
  readonly annotations: { readonly readOnlyHint: boolean };
}

/** The name under which a tool takes an input that is no object. */
const INPUT = 'input';

export function toolOf(graph: Graph): Tool {
  const { name, definition } = graph;
  const { description, input, output } = definition;
  const inputSchema = toJsonSchema(input, 'input');
  const outputSchema = toJsonSchema(output, 'output');
  return {
    name,
    ...(description !== undefined && { description }),
    inputSchema: isWrapped(inputSchema) ? wrapped(inputSchema) : openObject(inputSchema),
    ...(isOfObjects(outputSchema) && { outputSchema }),
    // Models and retrievers find out and write; only a tool may have an effect.
    annotations: { readOnlyHint: graph.components().every(({ kind }) => kind !== 'tool') },
  };
}

/** The input of the run that a call asks for. */
export function toolInput({ definition: { input } }: Graph, args: Readonly<Record<string, unknown>>): unknown {
  return isWrapped(toJsonSchema(input, 'input')) ? args[INPUT] : args;
}

/** Whether the schema may be of something else than an object: one that tells nothing is taken for that of an object. */
function isWrapped(schema: JsonSchema): schema is Record<string, unknown> {
  if (schema === true) return false;
  const { type, anyOf, oneOf } = schema;
  if (type !== undefined) return type !== 'object';
  const alternatives = [anyOf, oneOf].flatMap((each) => (Array.isArray(each) ? (each as JsonSchema[]) : []));
  return alternatives.some((alternative) => alternative === true || isWrapped(alternative));
}

function wrapped(schema: Record<string, unknown>): object {
  return { type: 'object', properties: { [INPUT]: rebase(schema, `#/properties/${INPUT}`) }, required: [INPUT] };
}

function openObject(schema: JsonSchema): object {
  return schema === true ? { type: 'object' } : { type: 'object', ...schema };
}

function isOfObjects(schema: JsonSchema): schema is Record<string, unknown> {
  return schema !== true && schema.type === 'object';
}
