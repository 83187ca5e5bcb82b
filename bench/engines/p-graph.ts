import { type DependencyList, PGraph } from 'p-graph';
import { type Prepare, sum, work } from './adapter.ts';

/** p-graph orders functions but hands no value from one to the next, so they share a list. */
export const prepare: Prepare = ({ nodes }) => {
  const outputs: number[] = [];
  const functions = nodes.map((node, i) => {
    const run = async () => {
      const inputs = node.needs.map((need) => outputs[need]!);
      outputs[i] = await work(node, inputs);
    };
    return [node.id, { run }] as const;
  });
  const edges: DependencyList = nodes.flatMap(({ id, needs }) =>
    needs.map((need): [string, string] => [nodes[need]!.id, id]),
  );
  const pGraph = new PGraph(new Map(functions), edges);

  return async () => {
    await pGraph.run();
    return sum(outputs);
  };
};
