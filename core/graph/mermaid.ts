import type { GraphDefinition, NodeDefinition } from './definition';

/** Node shapes by what a node calls: the picture tells models from data from code at a glance. */
const SHAPES = {
  model: ['([', '])'],
  retriever: ['[(', ')]'],
  tool: ['[', ']'],
  compute: ['{{', '}}'],
} as const;

/** A flowchart from the input to the output; a dotted edge leads to a node that may be skipped. */
export function drawMermaid({ nodes, result }: GraphDefinition): string {
  const keys = new Map(nodes.map(({ id }, i) => [id, `n${i}`]));
  const edgesTo = (key: string, needs: readonly string[], arrow: string) =>
    (needs.length > 0 ? needs.map((need) => keys.get(need)) : ['input']).map((from) => `  ${from} ${arrow} ${key}`);

  return [
    'flowchart LR',
    '  input((input))',
    ...nodes.map((node) => `  ${keys.get(node.id)}${drawNode(node)}`),
    '  output((output))',
    ...nodes.flatMap((node) => edgesTo(keys.get(node.id)!, node.needs, node.when ? '-.->' : '-->')),
    ...edgesTo('output', result.needs, '-->'),
    '',
  ].join('\n');
}

function drawNode(node: NodeDefinition): string {
  if (node.kind === 'compute') return frame('compute', node.id);
  const calls = node.kind === 'map' ? `${node.call.name} for each` : node.call.name;
  return frame(node.call.kind, `${node.id}<br/><i>${calls}</i>`);
}

function frame(shape: keyof typeof SHAPES, label: string): string {
  const [open, close] = SHAPES[shape];
  return `${open}"${label}"${close}`;
}
