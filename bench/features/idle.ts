import { DAGS, type Dag, type DagId } from '../dags.ts';
import { type BenchEngine, ENGINES } from '../engines.ts';
import type { Cell } from '../measurements.ts';
import { type Runs, race } from '../race.ts';

export interface IdleExtent {
  readonly rounds: number;
  /** Of graphs whose nodes do nothing. */
  readonly empty: Runs;
  /** Of graphs whose nodes take time. */
  readonly timed: Runs;
}

export const PLAIN: BenchEngine = { id: 'compound', title: 'functions, plain' };
export const FEATURES: BenchEngine = { id: 'compound-features', title: 'functions, every feature on' };
export const CALLS: BenchEngine = { id: 'compound-calls', title: 'calls, plain' };
export const CALLS_FEATURES: BenchEngine = { id: 'compound-calls-features', title: 'calls, every feature on' };

/** What no engine can be better than where nodes take time. */
const LOWER_BOUND = ENGINES.find(({ id }) => id === 'promise-all')!;

export const PEERS: readonly BenchEngine[] = ENGINES.filter(({ id }) => id === 'langgraph' || id === 'mastra');

/** What features cost that have nothing to do, and what a node costs peers. */
export async function measureIdle({ rounds, empty, timed }: IdleExtent): Promise<Cell[]> {
  const ours = [PLAIN, FEATURES, CALLS, CALLS_FEATURES];
  const runs = (usual: Runs) => ({ rounds, usual, slow: usual });
  return [
    ...(await race([...ours, ...PEERS], runs(empty), dags('chain'))),
    ...(await race(ours, runs(empty), dags('layered'))),
    ...(await race([FEATURES, LOWER_BOUND], runs(timed), dags('skewed', 'timed'))),
  ];
}

function dags(...ids: readonly DagId[]): Dag[] {
  return DAGS.filter(({ id }) => ids.includes(id));
}
