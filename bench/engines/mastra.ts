import { createStep, createWorkflow } from '@mastra/core/workflows';
import * as z from 'zod';
import { type DagNode, layersOf } from '../dags.ts';
import { type Prepare, sum, work } from './adapter.ts';

const anything = { inputSchema: z.any(), outputSchema: z.any() };

/** Nothing reads the events, and no value needs a check: both cost time. */
const options = { emitStepEvents: false, validateInputs: false };

/** Steps run one after another or all of a layer at once: Mastra has no edges. */
export const prepare: Prepare = (dag) => {
  const { nodes } = dag;
  // A layer may follow a layer, but its types allow it only where one step's output is the next one's input.
  let workflow: any = createWorkflow({ id: 'bench', ...anything, options });
  for (const layer of layersOf(dag)) {
    const steps = layer.map((i) => stepOf(nodes[i]!, nodes));
    workflow = steps.length > 1 ? workflow.parallel(steps) : workflow.then(steps[0]);
  }
  workflow.commit();

  return async () => {
    const run = await workflow.createRun();
    const { status, steps } = await run.start({ inputData: {} });
    if (status !== 'success') throw new Error(`the workflow ended as ${status}`);
    return sum(nodes.map(({ id }) => steps[id].output));
  };
};

function stepOf(node: DagNode, nodes: readonly DagNode[]) {
  const needs = node.needs.map((need) => nodes[need]!.id);
  return createStep({
    id: node.id,
    ...anything,
    execute: ({ getStepResult }) => {
      const inputs = needs.map((need) => getStepResult<number>(need));
      return work(node, inputs);
    },
  });
}
