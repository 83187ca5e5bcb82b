import type { AgentModel } from '../agent/agent-model';
import type { AgentRun } from '../agent/agent-run';
import type { RunObserver } from '../agent/agent-runs';
import type { Cascade } from './result';

/** Keeps the request that cold components held up most. */
export class CascadeWatch implements RunObserver {
  #slowest: Cascade | undefined;
  #coldMs = 0;

  constructor(
    private readonly agent: AgentModel,
    private readonly fromUs: number,
  ) {}

  get slowest(): Cascade | undefined {
    return this.#slowest;
  }

  onRunEnd({ times, startedAtUs, coldUs, depth }: AgentRun, latencyUs: number): void {
    if (coldUs === 0 || startedAtUs < this.fromUs || latencyUs === Infinity || coldUs / 1000 <= this.#coldMs) return;
    this.#coldMs = coldUs / 1000;
    const nodes = this.agent.nodes.flatMap(({ id, component }, at) => {
      const { startUs, endUs, coldUs: nodeColdUs } = times[at]!;
      if (component === undefined || !(endUs > startUs)) return [];
      const startMs = (startUs - startedAtUs) / 1000;
      return [{ node: id, component, startMs, coldMs: nodeColdUs / 1000, endMs: (endUs - startedAtUs) / 1000 }];
    });
    this.#slowest = { cell: '', latencyMs: latencyUs / 1000, depth, nodes };
  }
}
