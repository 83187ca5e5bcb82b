import { graph, type Schema } from '../../core/graph/index.ts';
import { type Clock, Engine } from '../../core/run/index.ts';
import { type Prepare, sum, work } from './adapter.ts';

export const prepare: Prepare = ({ nodes }) => {
  // A graph made in a loop has no literal ids for TypeScript to check.
  let builder: any = graph('bench', { input: anything });
  for (const node of nodes) {
    const needs = node.needs.map((need) => nodes[need]!.id);
    builder = builder.compute(node.id, needs, (values: Values) => {
      const inputs = needs.map((need) => values[need]!);
      return work(node, inputs);
    });
  }
  const ids = nodes.map(({ id }) => id);
  const agent = builder.output((values: Values) => sum(ids.map((id) => values[id]!)));

  const engine = new Engine({ caller, clock, random: Math.random });
  return async () => (await engine.run<undefined, number>(agent, undefined)).output;
};

type Values = Readonly<Record<string, number>>;

const anything: Schema = { '~standard': { version: 1, vendor: 'bench', validate: (value) => ({ value }) } };

const clock: Clock = {
  now: () => performance.now(),
  setTimer: (wake, delayMs) => setTimeout(wake, delayMs),
  clearTimer: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

const caller = () => Promise.reject(new Error('no node of the bench calls a component'));
