import { createStep, createWorkflow } from '@mastra/core/workflows';
import * as z from 'zod';
import type { StreamEngine } from './adapter.ts';
import { collect, workOnEach } from './whole-lists.ts';

const anything = { inputSchema: z.any(), outputSchema: z.any() };
const options = { validateInputs: false };

/** A step sees what another has made when that has ended; only the reader of the run sees it before. */
export const streams: StreamEngine = {
  prepareStream(write) {
    const step = createStep({
      id: 'write',
      ...anything,
      execute: async ({ writer }) => {
        const parts = [];
        for await (const part of write()) {
          await writer.write(part);
          parts.push(part);
        }
        return parts;
      },
    });
    const workflow = createWorkflow({ id: 'bench', ...anything, options })
      .then(step)
      .commit();
    return async (read) => {
      const run = await workflow.createRun();
      for await (const chunk of run.stream({ inputData: {} }).fullStream) {
        if (chunk.type === 'workflow-step-output') read(chunk.payload.output as unknown as string);
      }
    };
  },

  preparePipeline(write, work) {
    const each = (id: string) =>
      createStep({ id, ...anything, execute: async ({ inputData }) => workOnEach(inputData, work) });
    const workflow = createWorkflow({ id: 'bench', ...anything, options: { ...options, emitStepEvents: false } })
      .then(createStep({ id: 'write', ...anything, execute: async () => collect(write()) }))
      .then(each('check'))
      .then(each('speak'))
      .commit();
    return async () => {
      const run = await workflow.createRun();
      const ended = await run.start({ inputData: {} });
      if (ended.status !== 'success') throw new Error(`the workflow ended as ${ended.status}`);
      return ended.result;
    };
  },
};
