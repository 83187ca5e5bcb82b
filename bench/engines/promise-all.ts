import { type Prepare, sum, work } from './adapter.ts';

/** The lower bound: promises and nothing else. */
export const prepare: Prepare = (dag) => async () => {
  const outputs: Promise<number>[] = [];
  for (const node of dag.nodes) {
    const inputs = Promise.all(node.needs.map((need) => outputs[need]!));
    outputs.push(inputs.then((values) => work(node, values)));
  }
  return sum(await Promise.all(outputs));
};
