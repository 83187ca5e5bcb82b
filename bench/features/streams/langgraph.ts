import { Annotation, END, type LangGraphRunnableConfig, START, StateGraph } from '@langchain/langgraph';
import type { StreamEngine } from './adapter.ts';
import { collect, workOnEach } from './whole-lists.ts';

const State = Annotation.Root({ parts: Annotation<string[]>() });

/** A node sees what another has made when that has ended; only the reader of the run sees it before. */
export const streams: StreamEngine = {
  prepareStream(write) {
    const app = new StateGraph(State)
      .addNode('write', async (_, { writer }: LangGraphRunnableConfig) => {
        const parts = [];
        for await (const part of write()) {
          writer!(part);
          parts.push(part);
        }
        return { parts };
      })
      .addEdge(START, 'write')
      .addEdge('write', END)
      .compile();
    return async (read) => {
      for await (const part of await app.stream({}, { streamMode: 'custom' })) read(part);
    };
  },

  preparePipeline(write, work) {
    const app = new StateGraph(State)
      .addNode('write', async () => ({ parts: await collect(write()) }))
      .addNode('check', async ({ parts }) => ({ parts: await workOnEach(parts, work) }))
      .addNode('speak', async ({ parts }) => ({ parts: await workOnEach(parts, work) }))
      .addEdge(START, 'write')
      .addEdge('write', 'check')
      .addEdge('check', 'speak')
      .addEdge('speak', END)
      .compile();
    return async () => (await app.invoke({})).parts;
  },
};
