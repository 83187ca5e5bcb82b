import type { GraphDefinition, NodeDefinition } from './definition';
import { joinText } from './join';

/** Brackets by what a node calls: the picture tells models from data from code at a glance. */
const SHAPES = { model: '([])', retriever: '[()]', tool: '[]', compute: '{{}}', plan: '[[]]' };

/** A flowchart from the input to the output; a dotted edge leads to a node that may be skipped, a thick one is a stream, and a join names its rule. */
export function drawMermaid({ nodes, result }: GraphDefinition): string {
  const keys = new Map(nodes.map(({ id }, i) => [id, `n${i}`]));
  const edges = (to: string, { needs, reads, when }: Pick<NodeDefinition, 'needs'> & Partial<NodeDefinition>) =>
    (needs.length > 0 ? needs : ['']).map((need) => {
      const arrow = reads?.includes(need) ? '==>' : when ? '-.->' : '-->';
      return `  ${keys.get(need) ?? 'input'} ${arrow} ${to}`;
    });

  return [
    'flowchart LR',
    '  input((input))',
    ...nodes.map((node, i) => `  n${i}${drawNode(node)}`),
    '  output((output))',
    ...nodes.flatMap((node, i) => edges(`n${i}`, node)),
    ...edges('output', result),
    '',
  ].join('\n');
}

function drawNode(node: NodeDefinition): string {
  const brackets = SHAPES[node.kind === 'compute' || node.kind === 'plan' ? node.kind : node.call.kind];
  const [open, close] = [brackets.slice(0, brackets.length / 2), brackets.slice(brackets.length / 2)];
  const label = node.kind === 'compute' ? '' : `<br/><i>${node.call.name}${sayMore(node)}</i>`;
  const rule = node.join ? `<br/>on ${joinText(node.join)}` : '';
  return `${open}"${node.id}${label}${rule}"${close}`;
}

function sayMore(node: NodeDefinition): string {
  if (node.kind === 'plan') return ` plans ${node.tools.map(({ name }) => name).join(', ')}`;
  return node.kind === 'map' ? ' for each' : '';
}
