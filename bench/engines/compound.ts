import { Engine } from '../../core/run/index.ts';
import type { Prepare } from './adapter.ts';
import { clock, computing } from './compound-agents.ts';

export const prepare: Prepare = (dag) => {
  const agent = computing(dag);
  const engine = new Engine({ caller, clock, random: Math.random });
  return async () => (await engine.run(agent, undefined)).output;
};

const caller = () => Promise.reject(new Error('no node of the bench calls a component'));
