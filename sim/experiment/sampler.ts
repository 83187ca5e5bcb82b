import type { RunObserver } from '../agent/agent-runs';
import type { Actor, Timeline } from '../kernel/timeline';
import type { World } from '../world/world';
import type { CellSeries, ComponentSeries } from './result';

interface Columns {
  readonly component: string;
  readonly inService: number[];
  readonly desired: number[];
  readonly concurrency: number[];
}

/** What the sampler asks of the timeline: what came before the start does not count. */
const START = 0;
const LOOK = 1;

/** Looks at a world at even intervals. */
export class Sampler implements Actor, RunObserver {
  /** Requests since the last look. */
  #requests = 0;
  readonly #atSeconds: number[] = [];
  readonly #requestsPerSecond: number[] = [];
  readonly #instances: number[] = [];
  readonly #components: readonly Columns[];

  constructor(
    private readonly world: World,
    private readonly timeline: Timeline,
    private readonly startUs: number,
    private readonly intervalUs: number,
  ) {
    this.#components = world.models.map(({ name }) => ({
      component: name,
      inService: [],
      desired: [],
      concurrency: [],
    }));
    timeline.at(startUs, this, START);
  }

  onRunStart(): void {
    this.#requests++;
  }

  act(what: number): void {
    if (what === LOOK) this.#look();
    this.#requests = 0;
    this.timeline.at(this.timeline.nowUs + this.intervalUs, this, LOOK);
  }

  #look(): void {
    const { nowUs } = this.timeline;
    this.#atSeconds.push(Math.round((nowUs - this.startUs) / 1e6));
    this.#requestsPerSecond.push(this.#requests / (this.intervalUs / 1e6));
    this.#instances.push(this.world.instanceCount);
    this.world.models.forEach(({ pool }, at) => {
      const columns = this.#components[at]!;
      columns.inService.push(pool.inService);
      columns.desired.push(pool.desired);
      columns.concurrency.push(pool.concurrency);
    });
  }

  series(cell: string): CellSeries {
    const components: ComponentSeries[] = this.#components.map((columns) => ({ ...columns }));
    return {
      cell,
      atSeconds: this.#atSeconds,
      requestsPerSecond: this.#requestsPerSecond,
      instances: this.#instances,
      components,
    };
  }
}
