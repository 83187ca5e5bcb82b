import compound from '../package.json' with { type: 'json' };
import bench from './package.json' with { type: 'json' };

/** An engine that takes part. Its adapter is `engines/<id>.ts`. */
export interface BenchEngine {
  readonly id: string;
  readonly title: string;
  /** Undefined for what is part of the language. */
  readonly version?: string;
  /** What an application imports of it, for its size and import time; undefined for what is part of the language. */
  readonly library?: string;
  /** Takes so long for 1,000 nodes that fewer runs must do. */
  readonly isSlow?: boolean;
}

const { dependencies } = bench;

export const OURS = 'compound';

export const ENGINES: readonly BenchEngine[] = [
  { id: 'promise-all', title: '`Promise.all` lower bound' },
  {
    id: OURS,
    title: compound.name,
    version: compound.version,
    library: `export * from '../core/graph/index.ts'; export * from '../core/run/index.ts';`,
  },
  {
    id: 'p-graph',
    title: 'p-graph',
    version: dependencies['p-graph'],
    library: `export { PGraph } from 'p-graph';`,
  },
  {
    id: 'mastra',
    title: 'Mastra workflows',
    version: dependencies['@mastra/core'],
    library: `export { createStep, createWorkflow } from '@mastra/core/workflows';`,
    isSlow: true,
  },
  {
    id: 'langgraph',
    title: 'LangGraph.js StateGraph',
    version: dependencies['@langchain/langgraph'],
    library: `export { Annotation, END, START, StateGraph } from '@langchain/langgraph';`,
    isSlow: true,
  },
];
