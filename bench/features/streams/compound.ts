import { graph, streamOf } from '../../../core/graph/index.ts';
import { Engine } from '../../../core/run/index.ts';
import { anything, clock } from '../../engines/compound-agents.ts';
import type { StreamEngine } from './adapter.ts';

const caller = () => Promise.reject(new Error('no node of the bench calls a component'));
const engine = new Engine({ caller, clock, random: Math.random });

export const streams: StreamEngine = {
  prepareStream(write) {
    const agent = graph('bench', { input: anything })
      .compute('write', [], write, { stream: true })
      .output(['write'], ({ write }) => write.length);
    return async (read) => {
      await engine.run(agent, undefined, {
        onEvent: (event) => {
          if (event.type === 'text') read(event.text);
        },
      });
    };
  },

  preparePipeline(write, work) {
    async function* each(parts: AsyncIterable<string>) {
      for await (const part of parts) yield work(part);
    }
    const agent = graph('bench', { input: anything })
      .compute('write', [], write, { stream: true })
      .compute('check', [streamOf('write')], ({ write }) => each(write), { stream: true })
      .compute('speak', [streamOf('check')], ({ check }) => each(check), { stream: true })
      .output(['speak'], ({ speak }) => speak);
    return async () => (await engine.run(agent, undefined)).output;
  },
};
